#pragma once

#include <kvt/core/json.hpp>
#include <kvt/tensor/half.hpp>
#include <kvt/tensor/safetensors_writer.hpp>

#include <cstring>

namespace kvt::inline KVT_ABI::tensor {
namespace detail {

template <class T> void append_bytes(std::string& out, T value) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    out.append(bytes, sizeof(T));
}

}  // namespace detail

KVT_DECL std::string safetensors_bytes(dense_set const& tensors, element type,
                                       std::map<std::string, std::string> const& metadata) {
    if (type != element::f32 && type != element::f16 && type != element::bf16)
        throw error{error_kind::usage, "safetensors", "cannot write " + std::string{name_of(type)}, "F32, F16 or BF16"};
    json header{json::object{}};
    if (!metadata.empty()) {
        json pairs;
        for (auto const& [key, value] : metadata) pairs[key] = value;
        header["__metadata__"] = std::move(pairs);
    }
    std::uint64_t end = 0;
    for (auto const& [name, t] : tensors.all()) {
        auto const begin = end;
        end += t.values.size() * size_of(type);
        json::array shape(t.shape.begin(), t.shape.end());
        header[name] = json::of(
            {{"dtype", name_of(type)}, {"shape", std::move(shape)}, {"data_offsets", json::list({begin, end})}});
    }
    std::string text = dump(header);
    text.append((8 - text.size() % 8) % 8, ' ');
    std::string out;
    out.reserve(8 + text.size() + end);
    detail::append_bytes<std::uint64_t>(out, text.size());
    out += text;
    for (auto const& [name, t] : tensors.all())
        for (float v : t.values) {
            if (type == element::f32) detail::append_bytes(out, v);
            else detail::append_bytes(out, type == element::f16 ? to_f16(v) : to_bf16(v));
        }
    return out;
}

}  // namespace kvt::inline KVT_ABI::tensor
