// What sweeps, results, laws and options can be refused for in kvt/scaling: an error with a code.
#pragma once

#include <kvt/core/record.hpp>

#include <string>

namespace kvt::inline KVT_ABI::scaling {

/// The kinds of refusals.
enum class fault : std::uint8_t {
    invalid_option,  ///< a setting outside its range, or a mode that does not exist
    missing_sweep,
    bad_sweep,
    missing_results,
    bad_results,
    other_configuration,  ///< results of a run with other settings
    no_completed_runs,
    too_few_budgets,
    too_few_points,
    equal_budgets,  ///< all x the same: no exponent
    missing_laws,
    bad_laws,
    invalid_target,
};
KVT_CHOICE(fault, "invalid_option", "missing_sweep", "bad_sweep", "missing_results", "bad_results",
           "other_configuration", "no_completed_runs", "too_few_budgets", "too_few_points", "equal_budgets",
           "missing_laws", "bad_laws", "invalid_target");

/// An `error` that also says which fault it is; reads `<where>: <kind>: what is wrong`.
class scaling_error : public error {
  public:
    scaling_error(fault code, std::string where, std::string const& problem, std::string expected = {})
        : error{kind_for(code), std::move(where), std::string{name_of(code)} + ": " + problem, std::move(expected)},
          code_{code} {}

    [[nodiscard]] fault code() const noexcept { return code_; }

  private:
    static error_kind kind_for(fault code) {
        switch (code) {
            case fault::invalid_option:
            case fault::invalid_target: return error_kind::usage;
            case fault::missing_sweep:
            case fault::missing_results:
            case fault::missing_laws: return error_kind::missing;
            case fault::other_configuration: return error_kind::mismatch;
            case fault::no_completed_runs:
            case fault::too_few_budgets:
            case fault::too_few_points:
            case fault::equal_budgets: return error_kind::work;
            case fault::bad_sweep:
            case fault::bad_results:
            case fault::bad_laws: break;
        }
        return error_kind::malformed;
    }
    fault code_;
};

}  // namespace kvt::inline KVT_ABI::scaling
