#pragma once

#include <kvt/harness/prerequisites.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL report_prerequisites check_report_inputs(report_inputs const& inputs, completeness need) {
    report_prerequisites out;
    if (!inputs.database) out.missing.emplace_back("DB_MISSING");
    else {
        if (inputs.bin_stats == 0) out.missing.emplace_back("NO_BIN_STATS");
        if (!inputs.plots) out.missing.emplace_back("PLOTS_DIR_MISSING");
        else if (inputs.scored > 0)
            for (std::string const plot : {"acc_by_bin.png", "fail_by_bin.png", "latency_p50_by_bin.png"}) {
                if (!inputs.latency && plot == "latency_p50_by_bin.png") continue;
                if (std::ranges::find(*inputs.plots, plot) == inputs.plots->end())
                    out.missing.push_back("PLOT_MISSING:" + plot);
            }
    }
    out.valid = out.missing.empty() || need == completeness::partial;
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
