// judge_activations: a stage that takes the headline score from recorded activations, which have a time axis of their own.
#pragma once

#include <kvt/quant/calibration.hpp>
#include <kvt/quant/validate.hpp>

#include <string>
#include <utility>

namespace kvt::inline KVT_ABI::quant {

namespace detail {
/// Replaces what was found and says so; the tensors' own scores stay.
void judge(calibration const& seen, std::string const& path, grouping const& cut, std::int32_t bits, double threshold,
           statistics_source& source, model_smoothness& found);
}  // namespace detail

/// The ranges of groups of timesteps (markov-smoothness 1.2) make the sequence that is judged; codes, errors and the
/// tensors' own scores stay those of the weights, because activations say nothing about the range of a weight. Throws as
/// `read_calibration`.
struct judge_activations {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "judge_activations";
    std::string path;  ///< JSON Lines

    explicit judge_activations(std::string file) : path{std::move(file)} {}

    template <quantizer Q> [[nodiscard]] validated_model<Q> operator()(run_context&, validated_model<Q> in) const {
        detail::judge(read_calibration(path), path, in.model.cut, in.model.codes.bits, in.threshold, in.source,
                      in.found);
        return in;
    }
};

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/judge_activations.ipp>
#endif
