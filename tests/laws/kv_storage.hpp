// What every KV storage keeps: the slots of each (layer, KV head) in order of arrival, untouched by those of others.
#pragma once

#include <kvt/model/kv_storage.hpp>

#include <doctest/doctest.h>

#include <vector>

namespace laws {

/// Any value, different for every place and for keys and values.
inline float kv_value(std::int32_t layer, std::int32_t head, std::int32_t position, std::size_t dimension, float sign) {
    return sign * (static_cast<float>(layer * 64 + head * 16) + static_cast<float>(position) * 4096 +
                   static_cast<float>(dimension) + 1);
}

/// `storage` is empty, for so many layers and KV heads of `head_dim` dimensions; all that is appended must fit it.
template <kvt::model::kv_storage Storage>
void kv_storage(Storage& storage, std::int32_t layers, std::int32_t kv_heads, std::size_t head_dim) {
    std::vector<float> key(head_dim), value(head_dim);
    auto const rows_of = [](std::int32_t layer, std::int32_t head) { return 5 + 3 * layer + 2 * head; };  // ragged
    auto const append = [&](std::int32_t layer, std::int32_t head, std::int32_t position) {
        for (std::size_t d = 0; d < head_dim; ++d)
            key[d] = kv_value(layer, head, position, d, 1), value[d] = kv_value(layer, head, position, d, -1);
        storage.append(layer, head, position, key, value);
    };
    auto const check = [&](std::int32_t layer, std::int32_t head, std::int32_t rows) {
        REQUIRE(storage.length(layer, head) == rows);
        auto const keys = storage.keys(layer, head), values = storage.values(layer, head);
        REQUIRE(keys.size() == static_cast<std::size_t>(rows) * head_dim);
        REQUIRE(values.size() == keys.size());
        std::size_t wrong = 0;
        for (std::int32_t r = 0; r < rows; ++r)
            for (std::size_t d = 0; d < head_dim; ++d) {
                std::size_t const at = static_cast<std::size_t>(r) * head_dim + d;
                wrong += keys[at] != kv_value(layer, head, 7 * r, d, 1);
                wrong += values[at] != kv_value(layer, head, 7 * r, d, -1);
            }
        CHECK(wrong == 0);
    };
    for (std::int32_t l = 0; l < layers; ++l)
        for (std::int32_t h = 0; h < kv_heads; ++h) check(l, h, 0);
    for (std::int32_t r = 0; r < rows_of(layers, kv_heads); ++r)  // interleaved over layers and heads
        for (std::int32_t l = 0; l < layers; ++l)
            for (std::int32_t h = 0; h < kv_heads; ++h)
                if (r < rows_of(l, h)) append(l, h, 7 * r);
    for (std::int32_t l = 0; l < layers; ++l)
        for (std::int32_t h = 0; h < kv_heads; ++h) check(l, h, rows_of(l, h));
}

}  // namespace laws
