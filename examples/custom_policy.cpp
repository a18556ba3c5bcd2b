// A cache policy and a detector of one's own, registered and run: nothing of kvt changes.
// Usage: custom_policy [FOLDER]
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

using namespace kvt;

namespace mine {

/// Keeps the newest entries, and of the older ones as many as may stay, evenly spread from the first on.
struct strided {
    static constexpr std::string_view name = "strided";
    static constexpr cache::budget_mode when = cache::budget_mode::prompt;
    std::int64_t recent = 16;  ///< newest entries that always stay

    [[nodiscard]] static cache::observation_needs needs() { return {}; }  // looks at positions only
    void select(cache::head_view const& view, std::int32_t slots, random_stream,
                std::vector<std::int32_t>& kept) const {
        auto const guard = std::min<std::int32_t>(slots, static_cast<std::int32_t>(recent));
        auto const old = view.length() - guard, wanted = slots - guard;
        for (std::int32_t i = 0; i < wanted; ++i)
            kept.push_back(static_cast<std::int32_t>(static_cast<std::int64_t>(i) * old / wanted));
        cache::keep_range(old, view.length(), kept);
    }
};
KVT_RECORD(strided, recent);

/// Fires at the first budget whose mean accuracy over bins is down at a floor, from wherever the largest budget stands.
struct below_floor {
    static constexpr std::string_view name = "below_floor";
    double floor = 0.5;

    [[nodiscard]] analysis::transition operator()(analysis::curve runs) const {
        auto const full = analysis::baseline_drop{-1}(runs).acc_pre;  // any change is a fall of -1 or more
        auto out = full && *full > floor ? analysis::baseline_drop{*full - floor}(runs) : analysis::transition{};
        out.method = name;
        return out;
    }
};
KVT_RECORD(below_floor, floor);

using policies = cache::policies::with<"strided", strided>;

}  // namespace mine

int main(int argc, char** argv) try {
    data::recall task;
    task.lengths = {128}, task.n_examples = 20;
    cache::sweep sweep{mine::strided{}, {1.0, 0.5, 0.2}};
    sweep.add(cache::random{});
    harness::run_options asking;
    asking.prompt_template = "raw", asking.endpoint = engine::api::completions, asking.decoding.max_tokens = 8;
    harness::prepare_options const choosing{.sampling = {.n_per_bin = 20}, .prompt_template = asking.prompt_template};

    harness::experiment const place{.group = "custom", .run_dir = argc > 1 ? argv[1] : "runs/custom"};
    run_context ctx{store::memory{}, place};
    engine::embedded<mine::policies> const engine{engine::load_model("config/models/recall")};
    auto const found = pipeline{harness::prepare{task, data::word_tokenizer{}, data::quantile_bins{1}, choosing},
                                harness::run{engine, sweep, asking}, harness::score{eval::exact_match{}},
                                harness::analyze{numeric::bootstrap{}, mine::below_floor{}}}(ctx);
    auto const input = harness::read_report_input(ctx.get<store::session>(), found.group);
    std::fputs(harness::report_summary(input).c_str(), stdout);
} catch (kvt::error const& e) {
    std::fprintf(stderr, "custom_policy: %s\n", e.what());
    return e.exit_code();
}
