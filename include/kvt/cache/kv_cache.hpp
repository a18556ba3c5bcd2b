// kv_cache: keys and values per layer and head, of different lengths, from which entries are really removed.
#pragma once

#include <kvt/cache/budget.hpp>
#include <kvt/model/kv_storage.hpp>

#include <memory>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::cache {

/// A ragged KV cache in f32. Keys stay rotated for the position they were written with (RoPE mode `absolute`), so a
/// removed entry leaves the others as they are. Keys and values of one list lie side by side without gaps, and
/// `bytes()` is what is allocated for them: after `retain` exactly the kept entries, not one more.
class kv_cache {
  public:
    static constexpr std::int64_t bits = 32;  ///< per element

    kv_cache(std::int32_t layers, std::int32_t kv_heads, std::int32_t head_dim);

    [[nodiscard]] std::int32_t layers() const { return layers_; }
    [[nodiscard]] std::int32_t kv_heads() const { return kv_heads_; }
    [[nodiscard]] std::int32_t head_dim() const { return head_dim_; }

    /// Adds one entry; `model::kv_storage` says what it holds. Beyond what was reserved, a list grows by an eighth.
    void append(std::int32_t layer, std::int32_t kv_head, std::int32_t position, std::span<float const> key,
                std::span<float const> value);
    [[nodiscard]] std::int32_t length(std::int32_t layer, std::int32_t kv_head) const {
        return at(layer, kv_head).length();
    }
    [[nodiscard]] std::span<float const> keys(std::int32_t layer, std::int32_t kv_head) const {
        list const& l = at(layer, kv_head);
        return {l.keys.get(), offset(l.length())};
    }
    [[nodiscard]] std::span<float const> values(std::int32_t layer, std::int32_t kv_head) const {
        list const& l = at(layer, kv_head);
        return {l.values.get(), offset(l.length())};
    }
    /// The prompt or answer positions the entries belong to, ascending.
    [[nodiscard]] std::span<std::int32_t const> positions(std::int32_t layer, std::int32_t kv_head) const {
        return at(layer, kv_head).positions;
    }

    /// Allocates room for exactly `entries` in one list, in all lists; where there is more already, nothing changes.
    void reserve(std::int32_t layer, std::int32_t kv_head, std::int32_t entries);
    void reserve(std::int32_t entries);
    /// Keeps the given slots (ascending, distinct) of one list and frees the others: moves them into an allocation of
    /// exactly their size.
    void retain(std::int32_t layer, std::int32_t kv_head, std::span<std::int32_t const> slots);
    /// Keeps the given slots of one list and its allocation: the freed slots are taken by what is appended next.
    void make_room(std::int32_t layer, std::int32_t kv_head, std::span<std::int32_t const> slots);
    /// A new cache of the given slots of every list (`kept[layer * kv_heads + kv_head]`), allocated exactly.
    [[nodiscard]] kv_cache gathered(std::span<std::vector<std::int32_t> const> kept) const;

    /// Bytes allocated for keys and values: of one list, of all. Positions are bookkeeping and not counted.
    [[nodiscard]] std::int64_t bytes(std::int32_t layer, std::int32_t kv_head) const {
        return payload_bytes(at(layer, kv_head).capacity, head_dim_, bits);
    }
    [[nodiscard]] std::int64_t bytes() const;
    /// Entries of all lists.
    [[nodiscard]] std::int64_t entries() const;

  private:
    struct list {
        std::unique_ptr<float[]> keys, values;
        std::vector<std::int32_t> positions;
        std::int32_t capacity = 0;
        [[nodiscard]] std::int32_t length() const { return static_cast<std::int32_t>(positions.size()); }
    };
    [[nodiscard]] list& at(std::int32_t layer, std::int32_t kv_head) {
        return lists_[static_cast<std::size_t>(layer) * static_cast<std::size_t>(kv_heads_) +
                      static_cast<std::size_t>(kv_head)];
    }
    [[nodiscard]] list const& at(std::int32_t layer, std::int32_t kv_head) const {
        return const_cast<kv_cache*>(this)->at(layer, kv_head);
    }
    [[nodiscard]] std::size_t offset(std::int32_t slots) const {
        return static_cast<std::size_t>(slots) * static_cast<std::size_t>(head_dim_);
    }
    void allocate(list& l, std::int32_t entries) const;
    void grow(list& l, std::int32_t entries) const;
    [[nodiscard]] list gathered(list const& from, std::span<std::int32_t const> slots) const;

    std::int32_t layers_, kv_heads_, head_dim_;
    std::vector<list> lists_;
};

static_assert(model::kv_storage<kv_cache>);

}  // namespace kvt::inline KVT_ABI::cache

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/cache/detail/kv_cache.ipp>
#endif
