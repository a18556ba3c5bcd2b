// run: prepared -> executed. Every entry of the manifest asked of an engine at every budget of a sweep.
#pragma once

#include <kvt/cache/sweep.hpp>
#include <kvt/core/context.hpp>
#include <kvt/engine/engine.hpp>
#include <kvt/engine/transport.hpp>
#include <kvt/eval/taxonomy.hpp>
#include <kvt/exec/executor.hpp>
#include <kvt/harness/artifacts.hpp>
#include <kvt/harness/budgets.hpp>
#include <kvt/harness/ledger.hpp>
#include <kvt/harness/pace.hpp>
#include <kvt/harness/prompt_guard.hpp>
#include <kvt/harness/retry.hpp>
#include <kvt/harness/run_options.hpp>

#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// Runs follow the sweep, entries their numbers; a failed request is a row and never stops a run. A stop request (Ctrl-C)
/// lets calls under way finish and leaves the rest to a resumed run. Outcomes do not depend on `concurrency`.
/// Throws before the first call where a guard of the ledger refuses, and where the engine can prove no budget below 1
/// although `require_budget_proof` asks for it.
template <engine::engine Engine> class run {
  public:
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "run";

    explicit run(Engine engine, cache::sweep sweep, run_options options = {})
        : engine_{std::move(engine)}, sweep_{std::move(sweep)}, options_{std::move(options)} {}

    executed operator()(run_context& ctx, prepared const& in) const {
        auto& db = ctx.get<store::session>("a store, as in run_context{store::sqlite{path}}");
        auto const plans = plan_runs(db, in, engine_.describe(), sweep_, options_, ctx.utc_now());
        require_proof(plans, engine_.proves(), options_);
        for (auto const& p : plans) open_run(db, p.row, p.sample, options_.on_rerun);  // all guards before any call
        pacer pace{options_.requests_per_minute};
        executed out{in.group, in.dataset_id, {}};
        for (auto const& p : plans) {
            out.runs.push_back(p.row.run_id);
            if (!ctx.stop_requested()) ask_all(ctx, db, p, pace);
            if (!options_.only_entry) close_run(db, p.row.run_id, ctx.utc_now());
        }
        record_budgets(db, in.group);
        if (ctx.stop_requested())
            throw error{error_kind::work, "group " + in.group, "stopped before every request had an outcome",
                        "`kvt run --resume` with this configuration to go on"};
        return out;
    }

  private:
    void ask_all(run_context& ctx, store::session& db, planned_run const& plan, pacer& pace) const {
        auto const entries = entries_to_ask(db, plan.row, options_);
        auto task = ctx.progress.begin(plan.row.run_id, entries.size(), "requests");
        std::mutex drawing;
        exec::thread_executor{options_.concurrency}.parallel_for(
            entries.size(),
            [&](std::size_t i) {
                ask(ctx, db, plan, entries[i], pace);
                std::scoped_lock const lock{drawing};
                task.advance();
            },
            [&] { return ctx.stop_requested(); });
    }

    void ask(run_context& ctx, store::session& db, planned_run const& plan, entry_row const& entry, pacer& pace) const {
        auto const made = make_request(db, plan, entry, options_, ctx.utc_now());
        commit_request(db, made.row);
        std::int64_t attempts = 0;
        auto outcome = options_.prompt_cap && entry.token_len > *options_.prompt_cap
                           ? too_long(entry.token_len, *options_.prompt_cap)
                           : call(ctx, made.request, pace, attempts);
        if (ctx.stop_requested() && std::holds_alternative<engine::failure>(outcome))
            return;  // cut short, not an outcome
        commit_outcome(db, made.row, outcome, attempts, label_of(outcome), ctx.utc_now());
    }

    engine::outcome call(run_context& ctx, engine::request const& request, pacer& pace, std::int64_t& attempts) const {
        auto const policy = options_.retries.clamped();
        while (true) {
            pace.wait(ctx);
            if (ctx.stop_requested())
                return engine::failure{
                    engine::failure_kind::refused, "stopped before it was sent", {}, {}, ctx.seconds()};
            auto outcome = engine_.generate(ctx, request);
            ++attempts;
            auto const* failed = std::get_if<engine::failure>(&outcome);
            if (failed == nullptr || !retryable(*failed) || attempts >= policy.max_attempts || ctx.stop_requested())
                return outcome;
            ctx.sleep(wait_s(policy, *failed, attempts, ctx.seed, request.id));
        }
    }

    Engine engine_;
    cache::sweep sweep_;
    run_options options_;
};

}  // namespace kvt::inline KVT_ABI::harness
