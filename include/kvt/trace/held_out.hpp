// held_out: how well predictions hold: costs from a trace's first part, its last part predicted and compared.
#pragma once

#include <kvt/trace/predict.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// One figure as the trace shows it and as it was predicted.
struct held_out_figure {
    std::string name{};
    std::optional<double> shown{}, predicted{};
    std::optional<double> error{};  ///< relative to what is shown
};
KVT_RECORD(held_out_figure, name, shown, predicted, error);

struct held_out_report {
    coefficients beta{};             ///< from the first part alone
    std::int64_t fitted_phases = 0;  ///< that had ended when the first held-out request came
    std::int64_t held_out_requests = 0;
    std::int64_t compared_requests = 0;  ///< of them with a prefill in the trace
    std::vector<held_out_figure> figures{};
    std::optional<double> median_ttft_error{};  ///< of the requests' own relative errors, without their signs
};
KVT_RECORD(held_out_report, beta, fitted_phases, held_out_requests, compared_requests, figures, median_ttft_error);

/// Estimates costs from the phases that had ended before the last `share` of the requests began to arrive, replays all
/// requests with them, and compares the times of the held-out ones with those of `shown`, whose request ids and clock
/// must be those of `requests`. `engine` gives the limits under which the trace came about; its costs are not looked at.
/// The trace shows a first token as the end of a prefill; where the first token comes from a decode step, times to it are
/// left out. Throws `bad_option` (the share, or too little on either side), `bad_request` where ids or clocks differ.
[[nodiscard]] held_out_report predict_held_out(std::span<request const> requests, phases const& shown,
                                               step_engine engine, double share, iterative const& method = {});

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/held_out.ipp>
#endif
