#pragma once

#include <kvt/quant/baseline_log.hpp>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL std::vector<std::string> baseline_log(baseline_metrics const& m) {
    std::vector<std::string> out;
    auto const fields = to_valid_json(m);
    for (auto const& [key, value] : fields.members())
        if (key != "violations" && key != "layers" && key != "skipped_tensors" && key != "imputed_timesteps" &&
            key != "phases" && key != "warnings")
            out.push_back(key + ": " + dump(value));
    for (auto const& p : m.phases) out.push_back("phase: " + dump(to_json(p)));
    for (std::size_t i = 0; i < m.violations.size() && i < 5; ++i)
        out.push_back("violation: " + dump(fields.at("violations").items()[i]));
    if (m.violations.size() > 5) out.push_back("violations not shown: " + std::to_string(m.violations.size() - 5));
    for (auto const& l : fields.at("layers").items()) out.push_back("tensor " + dump(l));
    for (auto const& s : m.skipped_tensors) out.push_back("skipped tensor " + s.name + ": " + s.reason);
    if (!m.imputed_timesteps.empty()) {
        std::string list;
        for (auto t : m.imputed_timesteps) list += (list.empty() ? "" : ", ") + std::to_string(t);
        out.push_back("timesteps without values, imputed: " + list);
    }
    for (auto const& w : m.warnings) out.push_back("warning: " + w);
    out.push_back("band " + std::string{name_of(m.interpretation.band)} + ": " + next_step(m));
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
