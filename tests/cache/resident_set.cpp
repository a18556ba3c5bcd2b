#include <doctest/doctest.h>

#include <kvt/cache/policies.hpp>
#include <kvt/cache/receipt_verify.hpp>
#include <kvt/cache/resident_set.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace cache = kvt::cache;
using list = std::vector<std::int32_t>;

namespace {

constexpr std::int32_t layers = 2, heads = 2, dim = 4;
std::vector<float> const row(4, 1.0F);

void add(cache::kv_cache& c, std::int32_t position) {
    for (std::int32_t layer = 0; layer < layers; ++layer)
        for (std::int32_t head = 0; head < heads; ++head) c.append(layer, head, position, row, row);
}

cache::kv_cache filled(std::int32_t tokens) {
    cache::kv_cache c{layers, heads, dim};
    c.reserve(tokens);
    for (std::int32_t p = 0; p < tokens; ++p) add(c, p);
    return c;
}

/// One more query of every head: `weight` on the slot of `position`, the rest spread evenly.
void look(cache::observation& seen, cache::kv_cache const& c, std::int32_t at, std::int32_t position, float weight) {
    seen.expect(at + 1);
    for (std::int32_t layer = 0; layer < layers; ++layer)
        for (std::int32_t head = 0; head < heads; ++head) {
            auto const positions = c.positions(layer, head);
            std::vector<float> probs(positions.size(), (1 - weight) / static_cast<float>(positions.size()));
            for (std::size_t i = 0; i < positions.size(); ++i)
                if (positions[i] == position) probs[i] += weight;
            if (seen.wants(layer, at, 1))
                seen.attention({.layer = layer,
                                .query_head = head,
                                .kv_head = head,
                                .first_position = at,
                                .rows = 1,
                                .columns = static_cast<std::int32_t>(positions.size()),
                                .probs = probs.data(),
                                .stride = 1});
        }
}

cache::terms asked(std::string_view policy, double budget, std::optional<cache::budget_mode> mode = {},
                   cache::question_mode question = cache::question_mode::query_aware) {
    auto const p = cache::make_policy(policy);
    return {
        .policy = p, .budget = budget, .mode = mode.value_or(p.when()), .question = question, .seed = 3, .item = "x"};
}

list positions(cache::resident_set& r, std::int32_t layer = 0, std::int32_t head = 0) {
    auto const p = r.cache().positions(layer, head);
    return {p.begin(), p.end()};
}

/// Runs one answer token through.
void step(cache::resident_set& r, std::int32_t position) {
    r.make_room();
    add(r.cache(), position);
    look(r.observer(), r.cache(), position, position, 0.5F);
    r.note();
}

}  // namespace

TEST_CASE("compaction leaves exactly the budget, and the receipt is what the cache holds") {
    auto const full = filled(41);
    cache::observation seen{layers, heads, heads, {.column_sums = true, .last_rows = 64}};
    for (std::int32_t p = 0; p < 41; ++p) look(seen, full, p, p / 2, 0.3F);
    for (auto policy : {"snapkv", "snapkv@kvpress", "h2o", "streaming_llm", "random"}) {
        cache::resident_set resident{asked(policy, 0.3), full, seen};
        auto r = resident.receipt();
        CHECK(resident.cache().entries() == 49);  // 0.3 * 41 * 4 = 49.2
        CHECK(resident.cache().bytes() == 49 * 2 * dim * 4);
        CHECK(r.bytes_kept == resident.cache().bytes());
        CHECK(r.heads[0].slots == 13);
        CHECK(r.heads[3].slots == 12);
        for (auto const& h : r.heads) {
            auto const kept =
                resident.cache().positions(static_cast<std::int32_t>(h.layer), static_cast<std::int32_t>(h.kv_head));
            CHECK(cache::from_deltas(h.position_deltas) == std::vector<std::int64_t>(kept.begin(), kept.end()));
        }
        cache::seal(r, std::string(64, 'a'), std::string(64, 'b'), 41);
        CHECK(cache::verify(r).value_or("") == "");
    }
    CHECK(full.entries() == 41 * 4);  // untouched
}

TEST_CASE("mode prompt: the answer's entries are added and stay") {
    cache::resident_set r{asked("streaming_llm", 0.25, cache::budget_mode::prompt), filled(40),
                          cache::observation{layers, heads, heads, {}}};
    CHECK(positions(r) == list{0, 1, 2, 3, 34, 35, 36, 37, 38, 39});
    for (std::int32_t p = 40; p < 45; ++p) step(r, p);
    CHECK(positions(r) == list{0, 1, 2, 3, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44});
    CHECK(r.receipt().bytes_peak > r.receipt().bytes_kept);
}

TEST_CASE("mode capped: never more than the budget, not even for a moment") {
    cache::resident_set r{asked("streaming_llm", 0.25), filled(40), cache::observation{layers, heads, heads, {}}};
    for (std::int32_t p = 40; p < 60; ++p) {
        step(r, p);
        CHECK(r.cache().entries() == 40);
        CHECK(r.cache().bytes() == 40 * 2 * dim * 4);
    }
    CHECK(positions(r) == list{0, 1, 2, 3, 54, 55, 56, 57, 58, 59});
    CHECK(r.receipt().bytes_peak == r.receipt().bytes_kept);
}

TEST_CASE("mode ratio_tracking: the share of all tokens so far, exactly") {
    cache::resident_set r{asked("streaming_llm", 0.25, cache::budget_mode::ratio_tracking), filled(40),
                          cache::observation{layers, heads, heads, {}}};
    for (std::int32_t p = 40; p < 80; ++p) {
        step(r, p);
        CHECK(r.cache().entries() == cache::total_slots(0.25, p + 1, 4));
        CHECK(r.cache().bytes() == r.cache().entries() * 2 * dim * 4);
    }
    CHECK(positions(r).size() == 20);
    CHECK(positions(r).back() == 79);
}

TEST_CASE("h2o carries the scores of its survivors on") {
    cache::observation seen{layers, heads, heads, {.column_sums = true, .last_rows = 0}};
    auto const full = filled(20);
    for (std::int32_t p = 0; p < 20; ++p) look(seen, full, p, p == 19 ? 7 : p, 0.9F);
    for (std::int32_t p = 0; p < 20; ++p) look(seen, full, 19, 7, 0.9F);  // entry 7 is the heaviest by far
    cache::resident_set r{asked("h2o", 0.3), full, seen};                 // 6 slots: 3 heavy, 3 recent
    auto const first = positions(r);
    REQUIRE(first.size() == 6);
    CHECK(std::count(first.begin(), first.end(), 7) == 1);
    for (std::int32_t p = 20; p < 60; ++p) step(r, p);
    auto const kept = positions(r);
    CHECK(kept.size() == 6);
    CHECK(kept.front() == 7);  // still carried after 40 evictions
    CHECK(kept.back() == 59);
    CHECK(kept[kept.size() - 3] == 57);
}

TEST_CASE("the question of a query_agnostic request stays whole in every mode") {
    for (auto mode : {cache::budget_mode::prompt, cache::budget_mode::capped, cache::budget_mode::ratio_tracking})
        for (auto policy : {"streaming_llm", "h2o", "random", "snapkv"}) {
            CAPTURE(kvt::name_of(mode));
            CAPTURE(policy);
            cache::observation seen{layers, heads, heads, {.column_sums = true, .last_rows = 32}};
            auto const full = filled(40);
            for (std::int32_t p = 0; p < 40; ++p) look(seen, full, p, p, 0.1F);
            cache::resident_set r{asked(policy, 0.25, mode, cache::question_mode::query_agnostic), full, seen};
            r.begin_question(40, 6);
            for (std::int32_t p = 40; p < 46; ++p) {
                add(r.cache(), p);
                look(r.observer(), r.cache(), p, p, 0.1F);
            }
            r.note();
            CHECK(r.cache().entries() == 4 * 16);
            for (std::int32_t p = 46; p < 70; ++p) {
                step(r, p);
                auto const kept = positions(r, 1, 1);
                for (std::int32_t q = 40; q < 46; ++q) REQUIRE(std::count(kept.begin(), kept.end(), q) == 1);
                if (mode == cache::budget_mode::capped) REQUIRE(r.cache().entries() == 4 * 16);
                if (mode == cache::budget_mode::ratio_tracking)
                    REQUIRE(r.cache().entries() == cache::total_slots(0.25, 40 + p - 45, 4) + 4 * 6);
            }
            auto receipt = r.receipt();
            cache::seal(receipt, "", "", 46);
            CHECK(cache::verify(receipt).value_or("") == "");
        }
}

TEST_CASE("budget 1 is no compression in every mode") {
    for (auto mode : {cache::budget_mode::prompt, cache::budget_mode::capped, cache::budget_mode::ratio_tracking}) {
        cache::resident_set r{asked("h2o", 1, mode), filled(10),
                              cache::observation{layers, heads, heads, {.column_sums = true}}};
        for (std::int32_t p = 10; p < 25; ++p) step(r, p);
        CHECK(positions(r).size() == 25);
        CHECK(r.observer().needs().nothing());
    }
}

TEST_CASE("budgets that cannot be kept are refused") {
    cache::observation const none{layers, heads, heads, {}};
    CHECK_THROWS_AS((cache::resident_set{asked("full", 0.5), filled(10), none}), kvt::error);
    CHECK_THROWS_WITH(
        (cache::resident_set{asked("random", 0.05), filled(10), none}),
        "kv.budget: a budget of 0.05 leaves a head none of the 10 entries; expected at least one entry a head");
    CHECK_THROWS_AS((cache::resident_set{asked("random", 1.5), filled(10), none}), kvt::error);
    CHECK_NOTHROW((cache::resident_set{asked("full", 1), filled(10), none}));
}

TEST_CASE("small budgets change parameters, and the receipt says so") {
    cache::observation const seen{layers, heads, heads, {.column_sums = false, .last_rows = 32}};
    CHECK(cache::resident_set{asked("snapkv", 0.5), filled(40), seen}.receipt().adjustment ==
          "window 32 reduced to 10");
    CHECK(cache::resident_set{asked("streaming_llm", 0.1), filled(40), seen}.receipt().adjustment ==
          "sinks 4 reduced to 3");
    CHECK(cache::resident_set{asked("streaming_llm", 0.5), filled(40), seen}.receipt().adjustment.empty());
    CHECK(cache::resident_set{asked("snapkv", 1), filled(40), seen}.receipt().adjustment.empty());
}

TEST_CASE("draws depend on seed, item, layer and head, and on nothing else") {
    cache::observation const none{layers, heads, heads, {}};
    auto t = asked("random", 0.3);
    cache::resident_set a{t, filled(40), none}, b{t, filled(40), none};
    CHECK(positions(a) == positions(b));
    CHECK(positions(a) != positions(a, 0, 1));
    CHECK(positions(a) != positions(a, 1, 0));
    t.item = "y";
    cache::resident_set c{t, filled(40), none};
    CHECK(positions(a) != positions(c));
    t.item = "x", t.seed = 4;
    cache::resident_set d{t, filled(40), none};
    CHECK(positions(a) != positions(d));
}
