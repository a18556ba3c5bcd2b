// Definitions of quant/model_smoothness.hpp.
#pragma once

#include <kvt/quant/model_smoothness.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

/// The jumps of the layers so far, each times the layer's elements.
struct weighted_jumps {
    std::vector<double> first{}, second{};

    void add(std::vector<double> const& a, std::vector<double> const& b, double weight) {
        first.resize(a.size());
        second.resize(b.size());
        for (std::size_t i = 0; i < a.size(); ++i) {
            first[i] += weight * a[i];
            second[i] += weight * b[i];
        }
    }
    void divide(double weight) {
        for (auto& v : first) v /= weight;
        for (auto& v : second) v /= weight;
    }
};

inline layer_status status_of(std::size_t groups, std::size_t wanted, bool degenerate) {
    return groups == 0 || groups < wanted ? layer_status::passthrough
           : degenerate                   ? layer_status::degenerate
                                          : layer_status::quantized;
}

/// Runs `measure(layer)` on a layer that counts; what it throws says which layer it was.
template <class Layer, class Measure> void measure_layer(Layer const& layer, model_smoothness& out, Measure measure) {
    if (layer.elements <= 0)
        throw quant_error{fault::empty_input, layer.name, std::to_string(layer.elements) + " elements", "1 or more"};
    ++out.layers;
    out.elements += layer.elements;
    try {
        measure(layer, static_cast<double>(layer.elements));
    } catch (quant_error const& e) {
        auto const kind = name_of(e.code()).size() + 2;  // "<kind>: ", which the new error writes itself
        throw quant_error{e.code(), layer.name, e.where() + " " + e.problem().substr(kind), e.expected()};
    }
}

}  // namespace detail

KVT_DECL model_smoothness smoothness_of(std::span<layer_ranges const> layers, std::int32_t bits, double threshold) {
    auto const metric = headline_for(bits, threshold);
    metric.check();
    model_smoothness out;
    detail::weighted_jumps jumps, bounded_jumps;
    std::size_t groups = 0;
    for (auto const& l : layers) groups = std::max(groups, l.ranges.size());
    for (auto const& l : layers) {
        bool const flat = std::ranges::any_of(l.ranges, [](value_range r) { return r.lo == r.hi; });
        out.status.push_back(detail::status_of(l.ranges.size(), groups, flat));
        if (out.status.back() != layer_status::quantized) continue;
        detail::measure_layer(l, out, [&](layer_ranges const& layer, double weight) {
            auto const found = metric(layer.ranges, bits);
            auto const beside = bounded{}(layer.ranges);
            jumps.add(found.scale_jumps, found.zero_point_jumps, weight);
            bounded_jumps.add(beside.scale_jumps, beside.offset_jumps, weight);
        });
    }
    if (out.layers == 0) return out;
    jumps.divide(static_cast<double>(out.elements));
    bounded_jumps.divide(static_cast<double>(out.elements));
    out.headline = metric.from_jumps(std::move(jumps.first), std::move(jumps.second));
    out.bounded = bounded{}.from_jumps(std::move(bounded_jumps.first), std::move(bounded_jumps.second));
    return out;
}

KVT_DECL model_smoothness smoothness_of(std::span<layer_parameters const> layers, headline const& metric) {
    metric.check();
    model_smoothness out;
    detail::weighted_jumps jumps;
    std::size_t groups = 0;
    for (auto const& l : layers) groups = std::max(groups, l.scale.size());
    for (auto const& l : layers) {
        bool const flat = std::ranges::any_of(l.scale, [](double s) { return s == 0; });
        out.status.push_back(detail::status_of(l.scale.size(), groups, flat));
        if (out.status.back() != layer_status::quantized) continue;
        detail::measure_layer(l, out, [&](layer_parameters const& layer, double weight) {
            auto const found = metric(layer.scale, layer.zero_point);
            jumps.add(found.scale_jumps, found.zero_point_jumps, weight);
        });
    }
    if (out.layers == 0) return out;
    jumps.divide(static_cast<double>(out.elements));
    out.headline = metric.from_jumps(std::move(jumps.first), std::move(jumps.second));
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
