// Small models with random weights, and where the one lies whose answers an independent program computed (fixture.json).
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/model/weights.hpp>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace small {

inline std::string root() {
    char const* folder = std::getenv("KVT_ROOT");
    return folder != nullptr ? folder : ".";
}
inline std::string recall() { return root() + "/tests/model/recall"; }

/// Odd sizes everywhere: no width is a multiple of a vector, three query heads share a KV head.
inline kvt::model::shape odd_shape() {
    kvt::model::shape s;
    s.vocab_size = 37;
    s.hidden_size = 20;
    s.intermediate_size = 45;
    s.num_hidden_layers = 2;
    s.num_attention_heads = 6;
    s.num_key_value_heads = 2;
    s.head_dim = 10;
    s.max_position_embeddings = 400;
    s.rope_theta = 1e4;
    return s;
}

/// Uniform in (-1, 1), centred.
inline std::vector<float> noise(std::size_t count, std::string_view label, double scale = 1) {
    kvt::random_stream stream{7, label};
    std::vector<float> values(count);
    for (auto& v : values) v = static_cast<float>((2 * stream.unit() - 1) * scale);
    return values;
}

inline kvt::tensor::dense_set random_tensors(kvt::model::shape const& s) {
    kvt::tensor::dense_set set;
    for (auto const& slot : kvt::model::tensor_slots(s)) {
        std::size_t count = 1;
        for (auto n : slot.shape) count *= static_cast<std::size_t>(n);
        bool const norm = slot.shape.size() == 1;
        auto values = noise(count, slot.name, norm ? 0.2 : 1.7 / std::sqrt(static_cast<double>(slot.shape.back())));
        if (norm)
            for (auto& v : values) v += 1;
        set.put(slot.name, slot.shape, std::move(values));
    }
    return set;
}

inline std::vector<std::int32_t> random_tokens(std::size_t count, std::int32_t vocabulary, std::string_view label) {
    kvt::random_stream stream{11, label};
    std::vector<std::int32_t> ids(count);
    for (auto& id : ids) id = static_cast<std::int32_t>(stream.below(static_cast<std::uint64_t>(vocabulary)));
    return ids;
}

inline bool same_bits(std::span<float const> a, std::span<float const> b) {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

inline std::vector<std::int32_t> from_hex(std::string const& text) {
    std::vector<std::int32_t> ids;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        ids.push_back(static_cast<std::int32_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
    return ids;
}

}  // namespace small
