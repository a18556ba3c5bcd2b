// What values, groups, options and model files can be refused for in kvt/quant: an error with a code.
#pragma once

#include <kvt/core/record.hpp>

#include <string>

namespace kvt::inline KVT_ABI::quant {

/// The kinds of refusals. Those of the container (`header_too_large`, `missing_shard`, ...) come from kvt/tensor.
enum class fault : std::uint8_t {
    empty_input,
    non_finite_input,
    length_mismatch,
    too_few_elements,
    group_id_out_of_range,
    code_out_of_range,  ///< values
    invalid_bit_width,
    invalid_time_groups,
    invalid_group_size,
    invalid_time_range,
    invalid_scale,
    invalid_zero_point,
    invalid_accuracy,
    invalid_smoothness_threshold,
    invalid_window_size,
    invalid_interpolation,
    invalid_weight,
    invalid_learning_rate,
    invalid_max_iterations,
    invalid_convergence_threshold,
    invalid_beta_schedule,
    invalid_residual,  ///< options
    unsupported_dtype,
    no_quantizable_tensors,
    bad_calibration,  ///< files
};
KVT_CHOICE(fault, "empty_input", "non_finite_input", "length_mismatch", "too_few_elements", "group_id_out_of_range",
           "code_out_of_range", "invalid_bit_width", "invalid_time_groups", "invalid_group_size", "invalid_time_range",
           "invalid_scale", "invalid_zero_point", "invalid_accuracy", "invalid_smoothness_threshold",
           "invalid_window_size", "invalid_interpolation", "invalid_weight", "invalid_learning_rate",
           "invalid_max_iterations", "invalid_convergence_threshold", "invalid_beta_schedule", "invalid_residual",
           "unsupported_dtype", "no_quantizable_tensors", "bad_calibration");

/// An `error` that also says which fault it is; reads `<where>: <kind>: what is wrong`, where `where` names the file,
/// tensor or field.
class quant_error : public error {
  public:
    quant_error(fault code, std::string where, std::string const& problem, std::string expected = {})
        : error{kind_for(code), std::move(where), std::string{name_of(code)} + ": " + problem, std::move(expected)},
          code_{code} {}

    [[nodiscard]] fault code() const noexcept { return code_; }
    /// The same with a larger place named first.
    [[nodiscard]] quant_error in(std::string const& place) const {
        return {code_, place + " " + where(), problem().substr(name_of(code_).size() + 2), expected()};
    }

  private:
    static error_kind kind_for(fault code) {
        return code >= fault::invalid_bit_width && code <= fault::invalid_residual ? error_kind::usage
                                                                                   : error_kind::malformed;
    }
    fault code_;
};

}  // namespace kvt::inline KVT_ABI::quant
