// The standard experiment with the library alone: how small can the recall model's KV cache get before its answers break?
//
//   kv_transition [FOLDER]     writes FOLDER/kv_transition.sqlite, report.md, report.html, summary.json and plots/
#include <kvt/analysis/baseline_drop.hpp>
#include <kvt/analysis/mean_drop.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/data/recall.hpp>
#include <kvt/data/word_tokenizer.hpp>
#include <kvt/engine/embedded.hpp>
#include <kvt/eval/exact_match.hpp>
#include <kvt/eval/token_f1.hpp>
#include <kvt/harness/analyze.hpp>
#include <kvt/harness/prepare.hpp>
#include <kvt/harness/report.hpp>
#include <kvt/harness/run.hpp>
#include <kvt/harness/score.hpp>
#include <kvt/numeric/bootstrap.hpp>
#include <kvt/report/html.hpp>
#include <kvt/report/markdown.hpp>
#include <kvt/store/sqlite.hpp>

#include <cstdio>

using namespace kvt;

int main(int argc, char** argv) try {
    std::string const folder = argc > 1 ? argv[1] : "runs/kv_transition";

    data::recall task;
    task.lengths = {128, 256, 512};
    task.n_examples = 10;

    cache::sweep sweep{cache::snapkv{}, {1.0, 0.5, 0.2, 0.1}};
    sweep.add(cache::streaming_llm{}).add(cache::random{});

    harness::run_options asking;
    asking.prompt_template = "raw";  // a bare model continues one text
    asking.endpoint = engine::api::completions;
    asking.decoding.max_tokens = 8;
    asking.concurrency = 2;
    asking.on_rerun = harness::rerun::resume;  // started again, it asks nothing twice

    harness::prepare_options choosing;
    choosing.sampling.n_per_bin = 10;
    choosing.prompt_template = asking.prompt_template;

    auto const lab = pipeline{
        harness::prepare{task, data::word_tokenizer{}, data::quantile_bins{3}, choosing},
        harness::run{engine::embedded<>{engine::load_model("config/models/recall")}, sweep, asking},
        harness::score{eval::exact_match{}, eval::token_f1{}},
        harness::analyze{numeric::bootstrap{}, analysis::mean_drop{0.15}, analysis::baseline_drop{0.15}},
        harness::report{report::markdown{}, report::html{}},
    };

    run_context ctx{store::sqlite{folder + "/kv_transition.sqlite"},
                    harness::experiment{.group = "kv_transition", .run_dir = folder}};
    auto const paper = lab(ctx);

    std::fputs(harness::report_summary(harness::read_report_input(ctx.get<store::session>(), paper.group)).c_str(),
               stdout);
    for (auto const& file : paper.files) std::printf("wrote %s\n", file.c_str());
} catch (error const& e) {
    std::fprintf(stderr, "kv_transition: %s\n", e.what());
    return e.exit_code();
}
