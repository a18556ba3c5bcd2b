// load: requests drawn from a few parameters, for simulations whose truth is known.
#pragma once

#include <kvt/trace/request.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// Requests that arrive on their own account (an open loop): Weibull gaps, log-normal lengths.
struct synthetic_load {
    std::int64_t requests = 1000;
    double rate = 1;  ///< requests a second, on average
    double arrival_shape =
        1;  ///< of the Weibull distribution of gaps: 1 is Poisson arrivals, below 1 they come in bursts
    double prompt_median = 500, prompt_spread = 0.8;  ///< tokens; standard deviation of their logarithm
    double output_median = 150, output_spread = 0.8;
    std::int64_t longest = 32768;  ///< tokens of a prompt or an answer
    std::int64_t seed = 1337;

    void check() const;  ///< throws `bad_option`
};
KVT_RECORD(synthetic_load, requests, rate, arrival_shape, prompt_median, prompt_spread, output_median, output_spread,
           longest, seed);

/// The load's requests in order of arrival, the first at 0. Four draws a request from the stream `(seed, "load")`: gap,
/// prompt and (two) lengths, so that changing one parameter keeps all other draws.
[[nodiscard]] std::vector<request> requests_of(synthetic_load const& load);

/// A load and what it stands for.
struct named_load {
    std::string name{};
    synthetic_load load{};
};
KVT_RECORD(named_load, name, load);

/// Six loads from calm to crowded: `chat`, `busy_chat`, `code` (bursts, long prompts, short answers), `documents` (prompts
/// of many chunks), `agents` (prompts far below a chunk), `flood` (great bursts). `requests` each.
[[nodiscard]] std::vector<named_load> standard_loads(std::int64_t requests = 1500);

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/load.ipp>
#endif
