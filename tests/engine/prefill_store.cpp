#include <doctest/doctest.h>

#include <kvt/engine/prefill_store.hpp>

namespace cache = kvt::cache;
namespace engine = kvt::engine;

namespace {

/// A prefill of so many entries in one list of 4 dimensions: 32 bytes an entry, and 4 of logits.
std::shared_ptr<engine::prefill const> made(std::int32_t entries, cache::observation_needs needs = {}) {
    auto p = std::make_shared<engine::prefill>(
        engine::prefill{cache::kv_cache{1, 1, 4}, cache::observation{1, 1, 1, needs}, {0.0F}});
    p->cache.reserve(entries);
    return p;
}

}  // namespace

TEST_CASE("the longest unused prefills leave when the limit is reached") {
    engine::prefill_store store{1000};
    auto const a = made(10), b = made(10), c = made(10);
    CHECK(a->bytes() == 324);
    store.keep("a", a);
    store.keep("b", b);
    store.keep("c", c);
    CHECK(store.bytes() == 972);
    CHECK(store.find("a", {}) == a);
    store.keep("d", made(5));  // b is the longest unused now
    CHECK(store.find("b", {}) == nullptr);
    CHECK(store.find("a", {}) == a);
    CHECK(store.find("c", {}) == c);
    CHECK(store.size() == 3);
    CHECK(store.bytes() == 324 + 324 + 164);
    CHECK(b->bytes() == 324);  // whoever still holds one keeps it
}

TEST_CASE("one that is larger than the limit is not kept, and does not chase out the others") {
    engine::prefill_store store{1000};
    store.keep("a", made(10));
    store.keep("b", made(40));
    CHECK(store.find("b", {}) == nullptr);
    CHECK(store.find("a", {}) != nullptr);
    engine::prefill_store none{0};
    none.keep("a", made(1));
    CHECK(none.size() == 0);
}

TEST_CASE("a prefill that observed too little is not found, and a better one takes its place") {
    engine::prefill_store store{1000};
    cache::observation_needs const sums{.column_sums = true, .last_rows = 0},
        rows{.column_sums = false, .last_rows = 8};
    store.keep("a", made(10, sums));
    CHECK(store.find("a", sums) != nullptr);
    CHECK(store.find("a", {}) != nullptr);
    CHECK(store.find("a", rows) == nullptr);
    store.keep("a", made(11, sums.with(rows)));
    CHECK(store.find("a", rows) != nullptr);
    CHECK(store.find("a", sums) != nullptr);
    CHECK(store.size() == 1);
    CHECK(store.bytes() == 356);
}
