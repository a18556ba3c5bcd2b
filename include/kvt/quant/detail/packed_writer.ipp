#pragma once

#include <kvt/core/json.hpp>
#include <kvt/quant/packed_writer.hpp>

namespace kvt::inline KVT_ABI::quant {
namespace detail {

[[nodiscard]] KVT_DECL std::vector<tensor::tensor_plan> packed_parts(packed_plan const& plan) {
    auto parts = plan.passed;
    for (auto const& [name, layout] : plan.packed) {
        layout.check(name);
        auto const n = layout.elements();
        auto const groups = static_cast<std::int64_t>(layout.groups().count(n));
        auto const bytes = static_cast<std::int64_t>(packed_bytes(n, layout.bits));
        auto const real = layout.parameter_bytes == 4 ? tensor::element::f32 : tensor::element::f64;
        auto const names = packed_names::of(name);
        parts.push_back({names.codes, tensor::element::u8, {bytes}});
        parts.push_back({names.scale, real, {groups}});
        parts.push_back({names.offset, real, {groups}});
    }
    return parts;
}

[[nodiscard]] KVT_DECL std::map<std::string, std::string> packed_metadata(packed_plan const& plan) {
    json layouts{json::object{}};
    for (auto const& [name, layout] : plan.packed) layouts[name] = to_json(layout);
    auto all = plan.metadata;
    all[std::string{packed_metadata_key}] = dump(layouts);
    return all;
}

template <class Real>
void write_reals(tensor::safetensors_file& file, std::string const& name, std::span<affine const> parameters,
                 double affine::*field) {
    std::vector<Real> values;
    values.reserve(parameters.size());
    for (auto const& p : parameters) values.push_back(static_cast<Real>(p.*field));
    file.write(name, 0, std::as_bytes(std::span{values}));
}

}  // namespace detail

KVT_DECL packed_writer::packed_writer(std::string const& path, packed_plan plan)
    : packed_{plan.packed}, file_{path, detail::packed_parts(plan), detail::packed_metadata(plan)} {}

KVT_DECL void packed_writer::put(std::string const& name, std::span<affine const> parameters,
                                 std::span<std::uint8_t const> codes) {
    auto const at = packed_.find(name);
    if (at == packed_.end()) throw error{error_kind::usage, name, "is not among the packed tensors"};
    auto const& layout = at->second;
    auto const n = layout.elements();
    if (parameters.size() != layout.groups().count(n) || codes.size() != packed_bytes(n, layout.bits))
        throw quant_error{fault::length_mismatch, name,
                          std::to_string(parameters.size()) + " parameters and " + std::to_string(codes.size()) +
                              " bytes of codes for " + std::to_string(n) + " elements"};
    for (auto const& p : parameters) {
        auto const kept = p.stored(layout.parameter_bytes);
        if (!std::isfinite(kept.scale) || kept.scale < 0 || kept.scale != p.scale)
            throw quant_error{fault::invalid_scale, name, std::to_string(p.scale), "a scale as it is stored"};
        if (!std::isfinite(kept.offset) || kept.offset != p.offset)
            throw quant_error{fault::invalid_zero_point, name, "an offset of " + std::to_string(p.offset),
                              "one as it is stored"};
    }
    auto const names = packed_names::of(name);
    auto* const reals = layout.parameter_bytes == 4 ? &detail::write_reals<float> : &detail::write_reals<double>;
    reals(file_, names.scale, parameters, &affine::scale);
    reals(file_, names.offset, parameters, &affine::offset);
    file_.write(names.codes, 0, std::as_bytes(codes));
}

}  // namespace kvt::inline KVT_ABI::quant
