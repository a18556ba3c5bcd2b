// What can be wrong with rows, caps and selections: an error with a code.
#pragma once

#include <kvt/core/record.hpp>

#include <string>

namespace kvt::inline KVT_ABI::data {

/// Codes of the mistakes that a data set, a cap or a selection can make.
enum class fault : std::uint8_t {
    not_object, missing_question, missing_answers, empty_answers, bad_type,  ///< one row
    normalize, duplicate_id, no_rows, unknown_task,                          ///< a data set
    empty_input, bad_n_bins,                                                 ///< binning
    n_bins, n_per_bin, bad_cap, bad_seed, all_filtered, too_few_after_cap, bad_strategy,
    pin_type, pin_duplicate, pin_range,
    slice_type, slice_n, slice_both, slice_none, slice_short,
    focus_missing, focus_bins, focus_base, focus_n, focus_radius,
};
KVT_CHOICE(fault, "NOT_OBJECT", "MISSING_QUESTION", "MISSING_ANSWERS", "EMPTY_ANSWERS", "BAD_TYPE", "NORMALIZE",
           "DUPLICATE_ID", "NO_ROWS", "UNKNOWN_TASK", "EMPTY_INPUT", "BAD_N_BINS", "N_BINS", "N_PER_BIN", "BAD_CAP",
           "BAD_SEED", "ALL_FILTERED", "TOO_FEW_AFTER_CAP", "BAD_STRATEGY", "PIN_TYPE", "PIN_DUPLICATE", "PIN_RANGE",
           "SLICE_TYPE", "SLICE_N", "SLICE_BOTH", "SLICE_NONE", "SLICE_SHORT", "FOCUS_MISSING", "FOCUS_BINS", "FOCUS_BASE",
           "FOCUS_N", "FOCUS_RADIUS");

/// An `error` that also says which fault it is, for callers that count or compare faults.
class data_error : public error {
  public:
    data_error(fault code, std::string where, std::string problem, std::string expected = {},
               error_kind kind = error_kind::malformed)
        : error{kind, std::move(where), std::move(problem), std::move(expected)}, code_{code} {}

    [[nodiscard]] fault code() const noexcept { return code_; }

  private:
    fault code_;
};

}  // namespace kvt::inline KVT_ABI::data
