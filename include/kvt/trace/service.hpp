// service: what users of a simulated engine see: times to the first token and between tokens, and how many are well served.
#pragma once

#include <kvt/trace/simulate.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// A number with its interval, where one is known; null where nothing was there to measure.
struct figure {
    std::optional<double> value{}, low{}, high{};
};
KVT_RECORD(figure, value, low, high);

/// Mean and percentiles (linear between order statistics), in seconds.
struct distribution {
    figure mean{}, p50{}, p90{}, p95{}, p99{};
};
KVT_RECORD(distribution, mean, p50, p90, p95, p99);

/// What a request must keep to be well served; null: not asked for.
struct service_goal {
    std::optional<double> ttft{};  ///< most seconds to the first token
    std::optional<double> tpot{};  ///< most seconds a token after the first, on the request's average

    void check() const;  ///< throws `bad_option`
};
KVT_RECORD(service_goal, ttft, tpot);

/// One load's service. Rates are over the time from the first arrival to the last token.
struct service {
    std::int64_t requests = 0;
    std::int64_t without_answer = 0;  ///< of them with no token to generate: in no time, and well served
    distribution ttft{};              ///< from arrival to the first token, a request
    distribution itl{};               ///< between two tokens of a request, a token
    distribution tpot{};              ///< after the first token, seconds a token, a request with two or more
    figure requests_per_second{}, tokens_per_second{};  ///< all; tokens are generated ones
    figure goodput_requests_per_second{}, goodput_tokens_per_second{}, good_share{};  ///< those that keep the goal
    figure busy_share{}, mean_batch{};
};
KVT_RECORD(service, requests, without_answer, ttft, itl, tpot, requests_per_second, tokens_per_second,
           goodput_requests_per_second, goodput_tokens_per_second, good_share, busy_share, mean_batch);

/// One request's times.
struct request_times {
    std::optional<double> ttft{}, tpot{};
};

/// Every request's times, in the order in which they were given.
[[nodiscard]] std::vector<request_times> times_of(simulation const& run, std::span<request const> requests,
                                                  step_engine const& engine);

/// The service of a run of `engine` on `requests`.
[[nodiscard]] service service_of(simulation const& run, std::span<request const> requests, step_engine const& engine,
                                 service_goal const& goal = {});

/// Mean and percentiles of values with weights above 0, which count as so many equal values. Sorts `values`.
struct weighted_value {
    double value, weight;
};
[[nodiscard]] distribution distribution_of(std::vector<weighted_value>& values);

/// Every figure of a service, in the order of its fields.
inline constexpr std::size_t service_figures = 22;
[[nodiscard]] std::array<figure*, service_figures> figures_of(service& s);

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/service.ipp>
#endif
