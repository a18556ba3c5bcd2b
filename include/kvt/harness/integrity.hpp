// How sound a run is: what came back empty, failed, refused or without telemetry (spec Q9).
#pragma once

#include <kvt/core/record.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// What the summary looks at of one request.
struct request_check {
    bool responded = false;
    std::optional<std::string> text{};   ///< of the response
    std::optional<std::string> label{};  ///< of the failure row, else of the response
    bool failed = false;                 ///< the label counts as a failure
    bool telemetry = false;              ///< a telemetry row exists
};
KVT_RECORD(request_check, responded, text, label, failed, telemetry);

/// LOW up to 5 % of failures, MODERATE up to 10 %, HIGH above; NO_REQUESTS where there are none.
enum class integrity_band : std::uint8_t { no_requests, low, moderate, high };
KVT_CHOICE(integrity_band, "NO_REQUESTS", "LOW", "MODERATE", "HIGH");

/// A count and its share of all requests, as printed.
struct integrity_line {
    std::string label;
    std::int64_t count = 0;
    std::string share;
};
KVT_RECORD(integrity_line, label, count, share);

struct integrity_summary {
    std::int64_t total = 0, failures = 0, empty_outputs = 0, missing_telemetry = 0;
    std::vector<integrity_line> labels{};  ///< one a label that occurs, by name; "(empty)" for a blank one
    integrity_band band = integrity_band::no_requests;

    [[nodiscard]] std::string share(std::int64_t count) const;
    /// How many requests carry the label.
    [[nodiscard]] std::int64_t labelled(std::string_view label) const;
};
KVT_RECORD(integrity_summary, total, failures, empty_outputs, missing_telemetry, labels, band);

/// Which answers are empty: those of white space alone, or (as older reports counted) of U+0020 alone.
enum class blank_rule : std::uint8_t { whitespace, spaces };

[[nodiscard]] integrity_summary summarise_integrity(std::span<request_check const> requests,
                                                    blank_rule rule = blank_rule::whitespace);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/integrity.ipp>
#endif
