// report: a stage that writes what was found about a quantized model.
#pragma once

#include <kvt/core/run_log.hpp>
#include <kvt/quant/baseline_page.hpp>
#include <kvt/quant/model_metrics.hpp>

#include <string>

namespace kvt::inline KVT_ABI::quant {

/// What was written, and what it says.
struct reported {
    baseline_metrics metrics;
    std::string json_path, html_path;  ///< empty: not asked for
};

namespace detail {
void write_baseline(run_context& context, reported const& what, std::string const& plots, run_log const& log);
}

/// Metrics as JSON, and where a path is given a page with its pictures inside and a log. Pictures are kept in `plots`
/// too. Throws `error{io}` naming the path that cannot be written, `error{missing}` where a page wants gnuplot and there
/// is none.
struct report {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "report";
    std::string json_path = "baseline_metrics.json", html_path{}, plots = "plots";
    run_log log{{}};

    template <quantizer Q> [[nodiscard]] reported operator()(run_context& context, validated_model<Q> const& in) const {
        reported out{metrics_of(in), json_path, html_path};
        detail::write_baseline(context, out, plots, log);
        return out;
    }
};

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/report.ipp>
#endif
