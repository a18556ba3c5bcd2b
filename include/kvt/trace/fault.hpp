// What a trace, its options or a list of requests can be refused for: an error with a code.
#pragma once

#include <kvt/core/record.hpp>

#include <string>

namespace kvt::inline KVT_ABI::trace {

/// The kinds of refusals; every message starts with its kind.
enum class fault : std::uint8_t {
    bad_chunk_size, bad_option,                                         ///< what was asked for
    file_not_found, bad_csv,                                            ///< the file
    missing_column, bad_number, bad_phase_type, empty_trace,            ///< the table
    non_positive_duration, negative_tokens, negative_steps, non_integer_steps, non_finite, duplicate_prefill,  ///< a row
    bad_request,                                                        ///< a request of the simulator
};
KVT_CHOICE(fault, "bad_chunk_size", "bad_option", "file_not_found", "bad_csv", "missing_column", "bad_number",
           "bad_phase_type", "empty_trace", "non_positive_duration", "negative_tokens", "negative_steps",
           "non_integer_steps", "non_finite", "duplicate_prefill", "bad_request");

/// An `error` that also says which fault it is; reads `<kind>: what is wrong`.
class trace_error : public error {
  public:
    trace_error(fault code, std::string problem, std::string expected = {})
        : error{kind_for(code), std::string{name_of(code)}, std::move(problem), std::move(expected)}, code_{code} {}

    [[nodiscard]] fault code() const noexcept { return code_; }

  private:
    static error_kind kind_for(fault code) {
        if (code <= fault::bad_option) return error_kind::usage;
        return code == fault::file_not_found ? error_kind::missing : error_kind::malformed;
    }
    fault code_;
};

}  // namespace kvt::inline KVT_ABI::trace
