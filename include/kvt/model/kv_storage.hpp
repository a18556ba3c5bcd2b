// The KV storage contract: what the transformer asks of a cache, and the plain storage that never evicts.
#pragma once

#include <kvt/version.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::model {

/// Where the transformer puts keys and values and reads them back. One list of slots per (layer, KV head); lists of
/// one layer may differ in length (ragged). Slots of a list are in order of arrival, and the transformer attends to
/// all of them: what was evicted is simply not in the list any more.
///
/// * `append(layer, kv_head, position, key, value)` adds one slot: `head_dim` floats each, the key already rotated for
///   `position` (absolute, ascending within a list).
/// * `length(layer, kv_head)`: slots.
/// * `keys(layer, kv_head)`, `values(layer, kv_head)`: `length * head_dim` floats, slot after slot
///   (`[slot][dimension]`, no padding). Valid until the next non-const call.
///
/// Within one `transformer::forward` a layer's rows are appended before they are attended to; eviction happens between
/// calls. Satisfied by `plain_storage` and `cache::kv_cache`. Laws: tests/laws/kv_storage.hpp.
template <class S>
concept kv_storage = requires(S& s, S const& view, std::int32_t layer, std::int32_t kv_head, std::int32_t position,
                              std::span<float const> row) {
    s.append(layer, kv_head, position, row, row);
    { view.length(layer, kv_head) } -> std::same_as<std::int32_t>;
    { view.keys(layer, kv_head) } -> std::same_as<std::span<float const>>;
    { view.values(layer, kv_head) } -> std::same_as<std::span<float const>>;
};

/// Keeps everything it is given.
class plain_storage {
  public:
    plain_storage(std::int32_t layers, std::int32_t kv_heads);

    void append(std::int32_t layer, std::int32_t kv_head, std::int32_t position, std::span<float const> key,
                std::span<float const> value);
    [[nodiscard]] std::int32_t length(std::int32_t layer, std::int32_t kv_head) const {
        return static_cast<std::int32_t>(lists_[index(layer, kv_head)].positions.size());
    }
    [[nodiscard]] std::span<float const> keys(std::int32_t layer, std::int32_t kv_head) const {
        return lists_[index(layer, kv_head)].keys;
    }
    [[nodiscard]] std::span<float const> values(std::int32_t layer, std::int32_t kv_head) const {
        return lists_[index(layer, kv_head)].values;
    }
    /// The positions the slots were appended with.
    [[nodiscard]] std::span<std::int32_t const> positions(std::int32_t layer, std::int32_t kv_head) const {
        return lists_[index(layer, kv_head)].positions;
    }
    /// Forgets all slots and keeps the memory.
    void clear();

  private:
    struct list {
        std::vector<float> keys, values;
        std::vector<std::int32_t> positions;
    };
    [[nodiscard]] std::size_t index(std::int32_t layer, std::int32_t kv_head) const {
        return static_cast<std::size_t>(layer) * static_cast<std::size_t>(kv_heads_) +
               static_cast<std::size_t>(kv_head);
    }
    std::int32_t kv_heads_;
    std::vector<list> lists_;
};

static_assert(kv_storage<plain_storage>);

}  // namespace kvt::inline KVT_ABI::model

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/model/detail/kv_storage.ipp>
#endif
