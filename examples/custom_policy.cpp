// A cache policy and a detector of one's own, registered and run: nothing of kvt changes.
//
//   custom_policy [FOLDER]
#include <kvt/analysis/detectors.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/data/recall.hpp>
#include <kvt/data/word_tokenizer.hpp>
#include <kvt/engine/embedded.hpp>
#include <kvt/eval/exact_match.hpp>
#include <kvt/harness/analyze.hpp>
#include <kvt/harness/prepare.hpp>
#include <kvt/harness/report.hpp>
#include <kvt/harness/run.hpp>
#include <kvt/harness/score.hpp>
#include <kvt/numeric/bootstrap.hpp>
#include <kvt/store/memory.hpp>

#include <cstdio>

namespace mine {

/// Keeps every k-th entry from the newest backwards, as many as may stay, and fills up with the newest.
struct strided {
    static constexpr std::string_view name = "strided";
    static constexpr kvt::cache::budget_mode when = kvt::cache::budget_mode::prompt;
    std::int64_t recent = 16;  ///< newest entries that always stay

    [[nodiscard]] static kvt::cache::observation_needs needs() { return {}; }  // looks at positions only
    void select(kvt::cache::head_view const& view, std::int32_t slots, kvt::random_stream, std::vector<std::int32_t>& kept) const {
        auto const guard = std::min<std::int32_t>(slots, static_cast<std::int32_t>(recent));
        auto const old = view.length() - guard, wanted = slots - guard;
        for (std::int32_t i = 0; i < wanted; ++i)
            kept.push_back(static_cast<std::int32_t>(static_cast<std::int64_t>(i) * old / wanted));
        kvt::cache::keep_range(old, view.length(), kept);
    }
};
KVT_RECORD(strided, recent);

/// Fires at the first budget whose mean accuracy is below an absolute floor.
struct below_floor {
    static constexpr std::string_view name = "below_floor";
    double floor = 0.5;

    [[nodiscard]] kvt::analysis::transition operator()(kvt::analysis::curve runs) const {
        auto out = kvt::analysis::baseline_drop{1 - floor}(runs);  // from a perfect baseline, a fall to the floor
        out.method = name;
        return out;
    }
};
KVT_RECORD(below_floor, floor);

using policies = kvt::cache::policies::with<"strided", strided>;

}  // namespace mine

int main(int argc, char** argv) try {
    kvt::data::recall task;
    task.lengths = {128}, task.n_examples = 20;
    kvt::cache::sweep sweep{mine::strided{}, {1.0, 0.5, 0.2}};
    sweep.add(kvt::cache::random{});
    kvt::harness::run_options asking;
    asking.prompt_template = "raw", asking.endpoint = kvt::engine::api::completions, asking.decoding.max_tokens = 8;

    kvt::run_context ctx{kvt::store::memory{}, kvt::harness::experiment{.group = "custom", .run_dir = argc > 1 ? argv[1] : "runs/custom"}};
    kvt::engine::embedded<mine::policies> const engine{kvt::engine::load_model("config/models/recall")};
    auto const found = kvt::pipeline{
        kvt::harness::prepare{task, kvt::data::word_tokenizer{}, kvt::data::quantile_bins{1}, {.sampling = {.n_per_bin = 20}}},
        kvt::harness::run{engine, sweep, asking}, kvt::harness::score{kvt::eval::exact_match{}},
        kvt::harness::analyze{kvt::numeric::bootstrap{}, mine::below_floor{}}}(ctx);
    std::fputs(kvt::harness::report_summary(kvt::harness::read_report_input(ctx.get<kvt::store::session>(), found.group)).c_str(), stdout);
} catch (kvt::error const& e) {
    std::fprintf(stderr, "custom_policy: %s\n", e.what());
    return e.exit_code();
}
