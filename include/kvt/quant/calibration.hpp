// calibration: what ranges activations take at each timestep, from recorded samples.
#pragma once

#include <kvt/quant/affine.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// One recorded activation. Without a timestep it is passed over, and counted.
struct calibration_sample {
    std::vector<double> data{};
    std::optional<std::int64_t> timestep{};
    std::vector<std::int64_t> shape{};  ///< for the reader; the statistics do not depend on it
};
KVT_RECORD(calibration_sample, data, timestep, shape);

/// Per timestep, 0 to the largest label: mean, population standard deviation (1 where it is 0), least and greatest value
/// of all samples with that label (markov-smoothness 1.2). A timestep without values has 0, 1, -1, 1 and stands in `imputed`.
struct calibration {
    std::vector<double> mean, standard_deviation, least, greatest;
    std::vector<std::int64_t> imputed;
    std::int64_t without_timestep = 0;  ///< samples passed over

    /// The range of each group of timesteps (bounds as of `balanced_bounds` over the timesteps).
    [[nodiscard]] std::vector<value_range> ranges(std::span<std::size_t const> bounds) const;
};
KVT_RECORD(calibration, mean, standard_deviation, least, greatest, imputed, without_timestep);

/// Samples one after another; memory grows with timesteps alone.
class calibrator {
  public:
    /// A label above this is refused, so that one line cannot make a table without end.
    static constexpr std::int64_t latest_timestep = 999'999;

    /// Throws `bad_calibration` (a label outside 0..`latest_timestep`) or `non_finite_input`, naming `where`.
    void add(calibration_sample const& sample, std::string_view where);
    /// Throws `empty_input` where no sample had a timestep.
    [[nodiscard]] calibration result(std::string_view where) const;

  private:
    struct moments {
        double count = 0, mean = 0, squares = 0, least = 0, greatest = 0;
    };
    std::vector<moments> steps_;
    std::int64_t without_timestep_ = 0;
};

[[nodiscard]] calibration calibrate(std::span<calibration_sample const> samples);

/// A file of JSON Lines, one sample a line, read as a stream; blank lines are passed over. Throws `error{missing|io}`,
/// `bad_calibration` naming `file:line` (not a sample; a line above 64 MiB), or as `calibrator` does.
[[nodiscard]] calibration read_calibration(std::string const& path);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/calibration.ipp>
#endif
