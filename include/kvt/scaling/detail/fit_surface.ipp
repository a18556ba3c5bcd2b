#pragma once

#include <kvt/core/text_file.hpp>
#include <kvt/scaling/fit_surface.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL fitted fit_surface::operator()(run_context& context, fitted from) const {
    how.check();
    if (sure) sure->check();
    auto const counted = static_cast<std::int64_t>(from.points.size()) - how.drop_worst;
    if (counted < 5) {
        from.laws.warnings.push_back("no loss surface: " + std::to_string(std::max<std::int64_t>(0, counted)) +
                                     " runs, five are needed");
    } else {
        exec::inline_executor const alone;
        auto const* several = context.find<exec::any_executor>();
        auto const threads = several != nullptr ? exec::executor_view{*several} : exec::executor_view{alone};
        auto const found = how(from.points, threads);
        auto const& s = found.surface;
        parametric_law law{.E = s.E,
                           .A = s.A,
                           .B = s.B,
                           .alpha = s.alpha,
                           .beta = s.beta,
                           .objective = found.objective,
                           .delta = how.delta,
                           .a_opt = found.a_opt,
                           .runs = found.runs};
        if (sure) {
            law.intervals = (*sure)(from.points, how, found, threads).intervals;
            law.resamples = sure->resamples;
        }
        from.laws.parametric = to_json(law);
    }
    if (!from.path.empty()) write_file(from.path, dump(laws_json(from.laws), json_style::pretty) + "\n");
    return from;
}

}  // namespace kvt::inline KVT_ABI::scaling
