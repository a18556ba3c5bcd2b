// save_packed: a stage that writes the quantized model itself.
#pragma once

#include <kvt/quant/packed_writer.hpp>
#include <kvt/quant/validate.hpp>

#include <string>
#include <utility>

namespace kvt::inline KVT_ABI::quant {

namespace detail {
void save_packed(run_context& context, model_source const& source, std::vector<layer> const& layers,
                 layer_rule const& rule, packed_layout const& layout, std::string const& path);
}  // namespace detail

/// Codes really of b bits, parameters beside them, and every tensor that stays as it is, in one safetensors file
/// (quant/packed_layout.hpp); `packed_model` reads it back. Tensors are read, coded and written one at a time. The file is
/// there as a whole or not at all. What comes in goes on.
struct save_packed {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "save_packed";
    std::string path;

    explicit save_packed(std::string file) : path{std::move(file)} {}

    template <quantizer Q>
    [[nodiscard]] validated_model<Q> operator()(run_context& context, validated_model<Q> in) const {
        auto const& m = in.model;
        detail::save_packed(context, m.source, m.layers, m.rule(),
                            packed_layout::of({}, m.codes, m.cut, m.parameter_bytes), path);
        return in;
    }
};

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/save_packed.ipp>
#endif
