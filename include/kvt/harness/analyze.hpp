// analyze: scored -> analyzed. Bin statistics, intervals, transitions and paired contrasts, all into the store.
#pragma once

#include <kvt/analysis/detector.hpp>
#include <kvt/core/context.hpp>
#include <kvt/core/function_view.hpp>
#include <kvt/core/json.hpp>
#include <kvt/harness/artifacts.hpp>
#include <kvt/harness/guards.hpp>
#include <kvt/harness/measured.hpp>

#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

struct analyze_options {
    double threshold = 0.15;  ///< a fall of accuracy worth the name
    truncation truncated = truncation::failure;
    completeness scores = completeness::whole;  ///< `partial`: goes on where scores are missing, and says so
    analysis::cost_weights weights{};
    std::int64_t permutations = 2000;  ///< least number of the sign-flip tests; many tests take more
    std::int64_t seed = 1337;          ///< of the permutations
};
KVT_RECORD(analyze_options, threshold, truncated, scores, weights, permutations, seed);

namespace detail {

/// The policies of one analysis without their types, so that its steps are compiled once.
struct analysis_rules {
    struct detector {
        std::string_view name;
        void const* self;
        json (*run)(void const* self, analysis::curve runs);
    };
    std::string_view interval_name;
    std::optional<double> alpha;
    numeric::interval_view interval;
    function_view<analysis::transition(analysis::curve)> headline;
    std::span<detector const> others;
    analyze_options options;
};

/// What the stage does, by rules without types.
[[nodiscard]] analyzed analyze_group(run_context& ctx, scored const& in, analysis_rules const& rules);

}  // namespace detail

/// For every run one bin_stats row a bin, intervals by `interval`; for every policy the transition that `headline` sees
/// (transition_summary) and what the other detectors see (detector_results); paired contrasts of every run with the
/// baseline and with random at the same budget. The interval of a transition's fall resamples the prompts of each bin in
/// pairs, from the stream `zone|<group>|<policy>`. Replaces what an earlier analysis of the group left, in one
/// transaction. Throws `error{missing}` where requests lack scores, `error{mismatch}` where they were scored by
/// different rules.
template <numeric::interval_rule Interval, analysis::transition_detector Headline, analysis::detector... Others>
class analyze {
  public:
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "analyze";

    explicit analyze(Interval interval, Headline headline, Others... others)
        : interval_{std::move(interval)}, headline_{std::move(headline)}, others_{std::move(others)...} {}

    [[nodiscard]] analyze with(analyze_options options) const {
        auto copy = *this;
        copy.options_ = std::move(options);
        return copy;
    }

    analyzed operator()(run_context& ctx, scored const& in) const {
        auto const others = std::apply(
            [](auto const&... d) {
                return std::vector<detail::analysis_rules::detector>{
                    {d.name, &d, &run_detector<std::remove_cvref_t<decltype(d)>>}...};
            },
            others_);
        return detail::analyze_group(ctx, in,
                                     {.interval_name = Interval::name,
                                      .alpha = alpha(),
                                      .interval = numeric::interval_view{interval_},
                                      .headline = headline_,
                                      .others = others,
                                      .options = options_});
    }

  private:
    template <class D> static json run_detector(void const* self, analysis::curve runs) {
        return to_json((*static_cast<D const*>(self))(runs));
    }
    [[nodiscard]] std::optional<double> alpha() const {
        if constexpr (requires { interval_.alpha; }) return interval_.alpha;
        else return std::nullopt;
    }

    Interval interval_;
    Headline headline_;
    std::tuple<Others...> others_;
    analyze_options options_{};
};

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/analyze.ipp>
#endif
