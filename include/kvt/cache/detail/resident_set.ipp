#pragma once

#include <kvt/cache/resident_set.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::cache {

KVT_DECL std::vector<std::int64_t> planned_slots(terms const& t, std::int64_t tokens, std::int64_t layers,
                                                 std::int64_t kv_heads) {
    check_budget(t.budget);
    if (t.policy.name() == "full" && t.budget < 1)
        throw error{error_kind::usage, "kv.policy", "full keeps every entry", "budget 1 for the policy full"};
    auto slots = distribute(t.budget, tokens, layers, kv_heads);
    if (*std::min_element(slots.begin(), slots.end()) < 1)
        throw error{error_kind::usage, "kv.budget",
                    "a budget of " + shortest(t.budget) + " leaves a head none of the " + std::to_string(tokens) +
                        " entries",
                    "at least one entry a head"};
    return slots;
}

namespace detail {

KVT_DECL random_stream stream_of(terms const& t, std::int32_t layer, std::int32_t kv_head) {
    return {t.seed,
            std::string{t.policy.name()} + "|" + t.item + "|" + std::to_string(layer) + "|" + std::to_string(kv_head)};
}

KVT_DECL head_view view_of(kv_cache const& cache, observation const& seen, std::int32_t layer, std::int32_t kv_head) {
    return {.layer = layer,
            .kv_head = kv_head,
            .positions = cache.positions(layer, kv_head),
            .queries = seen.of(layer, kv_head),
            .keys = cache.keys(layer, kv_head),
            .values = cache.values(layer, kv_head),
            .head_dim = cache.head_dim(),
            .incoming = 0};
}

/// A view of some slots only: what a policy sees when others are not its to choose.
struct partial_view {
    std::vector<std::int32_t> positions;
    std::vector<observed_head> queries;
    std::vector<float> keys, values;
    head_view view;

    partial_view(head_view const& whole, std::span<std::int32_t const> slots) : view{whole} {
        auto const dim = static_cast<std::size_t>(whole.head_dim);
        for (auto slot : slots) {
            auto const at = static_cast<std::size_t>(slot);
            positions.push_back(whole.positions[at]);
            keys.insert(keys.end(), whole.keys.begin() + at * dim, whole.keys.begin() + (at + 1) * dim);
            values.insert(values.end(), whole.values.begin() + at * dim, whole.values.begin() + (at + 1) * dim);
        }
        for (observed_head const& q : whole.queries) queries.push_back(q.gathered(slots));
        view.positions = positions, view.queries = queries, view.keys = keys, view.values = values;
    }
};

}  // namespace detail

KVT_DECL std::vector<std::vector<std::int32_t>> choose(terms const& t, kv_cache const& cache, observation const& seen,
                                                       std::span<std::int64_t const> slots) {
    std::vector<std::vector<std::int32_t>> kept;
    for (std::int32_t layer = 0; layer < cache.layers(); ++layer)
        for (std::int32_t head = 0; head < cache.kv_heads(); ++head)
            kept.push_back(t.policy.select(detail::view_of(cache, seen, layer, head),
                                           static_cast<std::int32_t>(slots[kept.size()]),
                                           detail::stream_of(t, layer, head)));
    return kept;
}

KVT_DECL resident_set::resident_set(terms t, kv_cache const& full, observation const& seen)
    : terms_{std::move(t)}, tokens_{full.length(0, 0)},
      slots_{planned_slots(terms_, tokens_, full.layers(), full.kv_heads())}, cache_{0, 0, 0}, seen_{seen.like({})} {
    auto const kept = choose(terms_, full, seen, slots_);
    cache_ = full.gathered(kept);
    if (binds() && !terms_.policy.needs().nothing()) seen_ = seen.gathered(kept, terms_.policy.needs());
    receipt_ = {.policy = terms_.policy.label(),
                .parameters = terms_.policy.parameters(),
                .budget = terms_.budget,
                .mode = terms_.mode,
                .question = terms_.question,
                .seed = terms_.seed,
                .item = terms_.item,
                .adjustment = {},
                .prompt_tokens = tokens_,
                .compacted_tokens = tokens_,
                .head_dim = cache_.head_dim(),
                .bits = kv_cache::bits,
                .bytes_full =
                    payload_bytes(tokens_ * cache_.layers() * cache_.kv_heads(), cache_.head_dim(), kv_cache::bits),
                .bytes_kept = cache_.bytes(),
                .bytes_peak = cache_.bytes(),
                .heads = {},
                .model_hash = {},
                .prompt_hash = {},
                .config_hash = {},
                .hash = {}};
    auto const least = static_cast<std::int32_t>(*std::min_element(slots_.begin(), slots_.end()));
    if (least < tokens_) receipt_.adjustment = terms_.policy.adjustment(least);
    for (std::int32_t layer = 0; layer < cache_.layers(); ++layer)
        for (std::int32_t head = 0; head < cache_.kv_heads(); ++head)
            receipt_.heads.push_back({.layer = layer,
                                      .kv_head = head,
                                      .position_deltas = to_deltas(cache_.positions(layer, head)),
                                      .slots = cache_.length(layer, head),
                                      .bytes = cache_.bytes(layer, head)});
}

KVT_DECL void resident_set::begin_question(std::int32_t first_position, std::int32_t count) {
    question_first_ = first_position, question_count_ = count;
    for (std::int32_t layer = 0; layer < cache_.layers(); ++layer)
        for (std::int32_t head = 0; head < cache_.kv_heads(); ++head)
            cache_.reserve(layer, head, cache_.length(layer, head) + count);
}

KVT_DECL void resident_set::make_room() {
    ++tokens_;
    if (!binds()) return;
    if (terms_.mode == budget_mode::ratio_tracking)
        slots_ = distribute(terms_.budget, tokens_, cache_.layers(), cache_.kv_heads());
    std::size_t list = 0;
    for (std::int32_t layer = 0; layer < cache_.layers(); ++layer)
        for (std::int32_t head = 0; head < cache_.kv_heads(); ++head)
            make_room_in(layer, head, static_cast<std::int32_t>(slots_[list++]));
}

KVT_DECL void resident_set::make_room_in(std::int32_t layer, std::int32_t kv_head, std::int32_t slots) {
    cache_.reserve(layer, kv_head, slots + question_count_);
    if (cache_.length(layer, kv_head) < slots + question_count_) return;
    auto view = detail::view_of(cache_, seen_, layer, kv_head);
    view.incoming = 1;
    auto const stream = detail::stream_of(terms_, layer, kv_head);
    std::vector<std::int32_t> kept;
    if (question_count_ == 0) {
        kept = terms_.policy.select(view, slots - 1, stream);
    } else {
        std::vector<std::int32_t> free, fixed;
        for (std::int32_t slot = 0; slot < view.length(); ++slot) {
            std::int32_t const position = view.positions[static_cast<std::size_t>(slot)];
            bool const asked = position >= question_first_ && position < question_first_ + question_count_;
            (asked ? fixed : free).push_back(slot);
        }
        detail::partial_view part{view, free};
        for (auto chosen : terms_.policy.select(part.view, slots - 1, stream))
            kept.push_back(free[static_cast<std::size_t>(chosen)]);
        kept.insert(kept.end(), fixed.begin(), fixed.end());
        std::sort(kept.begin(), kept.end());
    }
    cache_.make_room(layer, kv_head, kept);
    seen_.retain(layer, kv_head, kept);
}

KVT_DECL void resident_set::note() { receipt_.bytes_peak = std::max(receipt_.bytes_peak, cache_.bytes()); }

KVT_DECL cache::receipt resident_set::receipt() const { return receipt_; }

KVT_DECL void seal(receipt& r, std::string model_hash, std::string prompt_hash, std::int64_t prompt_tokens) {
    r.model_hash = std::move(model_hash);
    r.prompt_hash = std::move(prompt_hash);
    r.prompt_tokens = prompt_tokens;
    r.config_hash = hash_terms(r);
    r.hash = hash_receipt(r);
}

}  // namespace kvt::inline KVT_ABI::cache
