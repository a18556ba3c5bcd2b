#pragma once

#include <kvt/core/json.hpp>
#include <kvt/core/lines.hpp>
#include <kvt/quant/calibration.hpp>
#include <kvt/quant/time_groups.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::quant {
namespace detail {

[[nodiscard]] KVT_DECL calibration_sample sample_of(std::string_view line, std::string const& where) {
    try {
        return from_json<calibration_sample>(parse_json(line, where), where);
    } catch (quant_error const&) {
        throw;
    } catch (error const& e) {
        throw quant_error{fault::bad_calibration, where, e.problem(), "{\"data\": [...], \"timestep\": 0}"};
    }
}

}  // namespace detail

KVT_DECL void calibrator::add(calibration_sample const& sample, std::string_view where) {
    if (!sample.timestep) {
        ++without_timestep_;
        return;
    }
    auto const label = *sample.timestep;
    if (label < 0 || label > latest_timestep)
        throw quant_error{fault::bad_calibration, std::string{where}, "timestep " + std::to_string(label),
                          "0 to " + std::to_string(latest_timestep)};
    auto const at = static_cast<std::size_t>(label);
    if (steps_.size() <= at) steps_.resize(at + 1);
    auto& step = steps_[at];
    for (double const x : sample.data) {
        if (!std::isfinite(x))
            throw quant_error{fault::non_finite_input, std::string{where}, "a value that is not finite"};
        step.least = step.count == 0 ? x : std::min(step.least, x);
        step.greatest = step.count == 0 ? x : std::max(step.greatest, x);
        step.count += 1;
        double const off = x - step.mean;  // Welford: exact 0 for equal values
        step.mean += off / step.count;
        step.squares += off * (x - step.mean);
    }
}

KVT_DECL calibration calibrator::result(std::string_view where) const {
    if (steps_.empty()) throw quant_error{fault::empty_input, std::string{where}, "no sample with a timestep"};
    calibration out;
    out.without_timestep = without_timestep_;
    for (auto const& step : steps_) {
        bool const none = step.count == 0;
        if (none) out.imputed.push_back(static_cast<std::int64_t>(out.mean.size()));
        double const deviation = none ? 0 : std::sqrt(step.squares / step.count);
        out.mean.push_back(step.mean);
        out.standard_deviation.push_back(deviation == 0 ? 1 : deviation);
        out.least.push_back(none ? -1 : step.least);
        out.greatest.push_back(none ? 1 : step.greatest);
    }
    return out;
}

KVT_DECL std::vector<value_range> calibration::ranges(std::span<std::size_t const> bounds) const {
    check_bounds(bounds);
    if (bounds.empty() || bounds.back() > least.size())
        throw quant_error{fault::length_mismatch, "time groups",
                          "do not fit " + std::to_string(least.size()) + " timesteps"};
    std::vector<value_range> out;
    for (std::size_t k = 0; k + 1 < bounds.size(); ++k) {
        auto const from = static_cast<std::ptrdiff_t>(bounds[k]), to = static_cast<std::ptrdiff_t>(bounds[k + 1]);
        out.push_back({*std::min_element(least.begin() + from, least.begin() + to),
                       *std::max_element(greatest.begin() + from, greatest.begin() + to)});
    }
    return out;
}

KVT_DECL calibration calibrate(std::span<calibration_sample const> samples) {
    calibrator all;
    for (std::size_t i = 0; i < samples.size(); ++i) all.add(samples[i], "sample " + std::to_string(i));
    return all.result("calibration");
}

KVT_DECL calibration read_calibration(std::string const& path) {
    constexpr std::size_t longest = std::size_t{64} << 20;
    calibrator all;
    for (line_reader lines{path, longest}; lines.next();) {
        if (lines.too_long()) throw quant_error{fault::bad_calibration, lines.where(), "a line above 64 MiB"};
        if (lines.line().find_first_not_of(" \t\r") == std::string_view::npos) continue;
        all.add(detail::sample_of(lines.line(), lines.where()), lines.where());
    }
    return all.result(path);
}

}  // namespace kvt::inline KVT_ABI::quant
