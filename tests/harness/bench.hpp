// A run stage on the mock engine, for the tests of what it does and of what is made of it.
#pragma once

#include <kvt/data/recall.hpp>
#include <kvt/data/word_tokenizer.hpp>
#include <kvt/engine/mock.hpp>
#include <kvt/harness/prepare.hpp>
#include <kvt/harness/run.hpp>
#include <kvt/store/memory.hpp>

#include <support/scratch_folder.hpp>

#include <string>
#include <vector>

/// A group of 12 short prompts in a store of its own, and an engine that would answer them.
struct bench {
    scratch_folder folder{};
    kvt::run_context ctx{kvt::store::memory{}, kvt::harness::experiment{.group = "g", .run_dir = folder.path}};
    kvt::harness::prepared manifest{};
    kvt::engine::mock engine{.base_delay_s = 0, .proof = kvt::engine::evidence::acknowledged};
    kvt::harness::run_options options{};

    bench() {
        ctx.progress = kvt::progress_meter{kvt::progress_style::silent};
        ctx.clock.sleep = [](double) {};
        kvt::data::recall task;
        task.lengths = {96}, task.n_examples = 12;
        kvt::harness::prepare_options choosing;
        choosing.sampling.n_per_bin = 12;
        manifest = kvt::harness::prepare{task, kvt::data::word_tokenizer{}, kvt::data::quantile_bins{1},
                                         choosing}(ctx, kvt::start{});
        for (auto const& e : task.load(ctx)) engine.answers.push_back({e.example_id, e.answers.front()});
        options.retries.max_attempts = 2;
    }

    kvt::harness::executed ask(std::vector<double> budgets = {1.0, 0.5}) {
        return kvt::harness::run{engine, kvt::cache::sweep{kvt::cache::snapkv{}, std::move(budgets)},
                                 options}(ctx, manifest);
    }
    kvt::store::session& db() { return ctx.get<kvt::store::session>(); }
    template <class Row> std::size_t count(kvt::store::where const& w = {}) { return kvt::store::count<Row>(db(), w); }
    std::string level(double budget) {
        return kvt::store::first<kvt::harness::run_row>(db(), {{"kv_budget", budget}})->budget_level.value_or("");
    }
};
