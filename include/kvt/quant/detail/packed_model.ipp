#pragma once

#include <kvt/core/json.hpp>
#include <kvt/quant/detail/coding.ipp>
#include <kvt/quant/detail/quantize_tensor.ipp>
#include <kvt/quant/encode.hpp>
#include <kvt/quant/packed_model.hpp>
#include <kvt/tensor/float_blocks.hpp>

#include <algorithm>
#include <cstring>

namespace kvt::inline KVT_ABI::quant {
namespace detail {

inline void check_part(tensor::safetensors const& file, std::string const& name, tensor::element type,
                       std::size_t count, std::string const& where) {
    auto const* found = file.find(name);
    if (found == nullptr) throw error{error_kind::malformed, where, "has no tensor " + name};
    if (found->type != type || found->count() != count)
        throw error{error_kind::malformed, where,
                    name + " has " + std::to_string(found->count()) + " elements of type " +
                        std::string{name_of(found->type)},
                    std::to_string(count) + " of type " + std::string{name_of(type)}};
}

[[nodiscard]] inline std::vector<double> stored_reals(tensor::view const& t) {
    std::vector<double> out(t.count());
    for (std::size_t i = 0; i < out.size(); ++i) {
        float narrow = 0;
        if (t.type == tensor::element::f64) std::memcpy(&out[i], t.bytes.data() + 8 * i, 8);
        else std::memcpy(&narrow, t.bytes.data() + 4 * i, 4), out[i] = static_cast<double>(narrow);
    }
    return out;
}

/// Calls `f(group, begin, end)` for the parts of `first .. first + count - 1` that lie in one group each.
template <class F> void each_group(std::span<std::size_t const> bounds, std::size_t first, std::size_t count, F&& f) {
    auto group = static_cast<std::size_t>(std::upper_bound(bounds.begin(), bounds.end(), first) - bounds.begin());
    for (std::size_t at = first; at < first + count; ++group) {
        auto const end = std::min(bounds[group], first + count);
        f(group - 1, at, end);
        at = end;
    }
}

template <class Real> void decode_tensor(packed_tensor const& t, std::size_t first, std::span<Real> out) {
    auto const n = t.layout.elements();
    if (first > n || n - first < out.size())
        throw quant_error{fault::length_mismatch, "packed tensor", "elements beyond its " + std::to_string(n)};
    auto const bounds = t.layout.groups().bounds(n);
    auto const grid = t.layout.grid();
    each_group(bounds, first, out.size(), [&](std::size_t group, std::size_t begin, std::size_t end) {
        quant::decode(t.codes, begin, t.parameters[group], grid, out.subspan(begin - first, end - begin));
    });
}

/// The errors of one group whose codes were kept, in the pieces in which they were measured.
[[nodiscard]] inline error_sums kept_errors(packed_tensor const& t, tensor::float_blocks& blocks, std::size_t begin,
                                            std::size_t end, affine const& parameters, code_grid const& grid) {
    kept_meter meter{parameters, grid, t.codes, begin, best_instruction_set()};
    blocks.each(begin, end, [&](std::span<float const> values, std::size_t) { meter.feed(values); });
    return meter.finish();
}

}  // namespace detail

KVT_DECL void packed_tensor::decode(std::size_t first, std::span<double> out) const {
    detail::decode_tensor(*this, first, out);
}
KVT_DECL void packed_tensor::decode(std::size_t first, std::span<float> out) const {
    detail::decode_tensor(*this, first, out);
}

KVT_DECL std::vector<error_sums> packed_tensor::measure(tensor::view const& original) const {
    detail::check_floats(original);
    auto const n = layout.elements();
    if (original.count() != n)
        throw quant_error{fault::length_mismatch, original.name,
                          std::to_string(original.count()) + " elements, packed were " + std::to_string(n)};
    auto const bounds = layout.groups().bounds(n), time_bounds = layout.groups().time_bounds(n);
    std::vector<error_sums> out(time_bounds.size() - 1);
    auto const grid = layout.grid();
    tensor::float_blocks blocks{original};
    for (std::size_t k = 0, g = 0; k + 1 < bounds.size(); ++k) {
        if (bounds[k] == time_bounds[g + 1]) ++g;
        out[g] += detail::kept_errors(*this, blocks, bounds[k], bounds[k + 1], parameters[k], grid);
    }
    return out;
}

KVT_DECL packed_model::packed_model(tensor::safetensors file, std::string const& where) : file_{std::move(file)} {
    auto const found = file_.metadata().find(std::string{packed_metadata_key});
    if (found == file_.metadata().end())
        throw error{error_kind::malformed, where, "no " + std::string{packed_metadata_key} + " in its metadata",
                    "a model that kvt has packed"};
    auto const layouts = parse_json(found->second, where);
    for (auto const& [name, value] : layouts.members()) {
        auto const layout = from_json<packed_layout>(value, where + ": " + name);
        layout.check(where + ": " + name);
        auto const n = layout.elements();
        auto const real = layout.parameter_bytes == 4 ? tensor::element::f32 : tensor::element::f64;
        auto const names = packed_names::of(name);
        detail::check_part(file_, names.codes, tensor::element::u8, packed_bytes(n, layout.bits), where);
        auto const groups = layout.groups().count(n);
        detail::check_part(file_, names.scale, real, groups, where);
        detail::check_part(file_, names.offset, real, groups, where);
        packed_.emplace(name, layout);
    }
}

KVT_DECL packed_model packed_model::open(std::string const& path) {
    return packed_model{tensor::safetensors::open(path), path};
}
KVT_DECL packed_model packed_model::parse(std::vector<std::byte> bytes, std::string const& where) {
    return packed_model{tensor::safetensors::parse(std::move(bytes), where), where};
}

KVT_DECL packed_tensor packed_model::read(std::string const& name) const {
    auto const at = packed_.find(name);
    if (at == packed_.end()) throw error{error_kind::missing, name, "is not among the packed tensors"};
    auto const names = packed_names::of(name);
    auto const scale = detail::stored_reals(*file_.find(names.scale)),
               offset = detail::stored_reals(*file_.find(names.offset));
    packed_tensor out{.layout = at->second};
    for (std::size_t k = 0; k < scale.size(); ++k) {
        if (!std::isfinite(scale[k]) || scale[k] < 0)
            throw quant_error{fault::invalid_scale, names.scale, std::to_string(scale[k]),
                              "a finite number, not below 0"};
        if (!std::isfinite(offset[k]))
            throw quant_error{fault::invalid_zero_point, names.offset, std::to_string(offset[k]), "a finite number"};
        out.parameters.push_back({scale[k], offset[k]});
    }
    auto const bytes = file_.find(names.codes)->bytes;
    out.codes = {reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size()};
    return out;
}

KVT_DECL std::vector<tensor::view const*> packed_model::passed() const {
    std::map<std::string_view, bool> parts;
    std::vector<packed_names> held;
    for (auto const& [name, layout] : packed_) held.push_back(packed_names::of(name));
    for (auto const& names : held) parts[names.codes] = parts[names.scale] = parts[names.offset] = true;
    std::vector<tensor::view const*> out;
    for (auto const& t : file_.tensors())
        if (!parts.contains(t.name)) out.push_back(&t);
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
