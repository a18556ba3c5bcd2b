// parameter_list: the tensors of a model, by name, in one flat buffer.
#pragma once

#include <kvt/scaling/decoder_shape.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// One tensor: `rows x columns` values by rows from `offset` on. A vector has one dimension and counts as one row.
struct parameter {
    std::string name{};
    std::int64_t rows = 1, columns = 0, dimensions = 2, offset = 0;

    [[nodiscard]] std::int64_t size() const { return rows * columns; }
    /// This tensor's part of a flat buffer.
    template <class Real> [[nodiscard]] std::span<Real> of(std::span<Real> all) const {
        return all.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size()));
    }
};
KVT_RECORD(parameter, name, rows, columns, dimensions, offset);

/// What a tensor is to the decoder, whatever its name.
enum class parameter_role : std::uint8_t {
    embedding,
    norm,
    query,
    key,
    value,
    qkv,
    attention_out,
    gate,
    up,
    down,
    head
};
KVT_CHOICE(parameter_role, "embedding", "norm", "query", "key", "value", "qkv", "attention_out", "gate", "up", "down",
           "head");

/// All tensors of a decoder, one after the other without room between them, in the order of scaling-laws 3.2; where query,
/// key and value are three tensors, they follow one another. `roles` and `layers` say of each what it is and where (-1
/// outside the layers).
struct parameter_list {
    std::vector<parameter> tensors{};
    std::vector<parameter_role> roles{};
    std::vector<std::int64_t> layers{};
    std::int64_t size = 0;

    explicit parameter_list(decoder_shape const& s);

    /// Null where there is none of this name.
    [[nodiscard]] parameter const* find(std::string_view name) const;
    /// Where the tensors of a role in a layer begin; the queries' place serves the fused matrix as well.
    [[nodiscard]] std::size_t offset(parameter_role role, std::int64_t layer, std::int64_t which = 0) const;
};

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/parameter_list.ipp>
#endif
