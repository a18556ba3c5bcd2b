#pragma once

#include <kvt/quant/judge_activations.hpp>
#include <kvt/quant/time_groups.hpp>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL void detail::judge(calibration const& seen, std::string const& path, grouping const& cut, std::int32_t bits,
                            double threshold, statistics_source& source, model_smoothness& found) {
    auto const ranges = seen.ranges(balanced_bounds(seen.mean.size(), cut.time_groups));
    found.headline = headline_for(bits, threshold)(ranges, bits);
    found.bounded = bounded{}(ranges);
    source.kind = "activations";
    source.imputed_timesteps = seen.imputed;
    source.notes.push_back("the smoothness score is of the activations in " + path + ", " +
                           std::to_string(seen.mean.size()) +
                           " timesteps; codes, errors and the tensors' scores are of the "
                           "weights");
    if (seen.without_timestep > 0)
        source.notes.push_back(std::to_string(seen.without_timestep) + " samples without a timestep were passed over");
}

}  // namespace kvt::inline KVT_ABI::quant
