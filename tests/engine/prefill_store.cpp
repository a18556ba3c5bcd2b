#include <doctest/doctest.h>

#include <kvt/engine/prefill_store.hpp>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <new>
#include <string>
#include <thread>
#include <vector>

// The thread sanitizer brings operators of its own, which the linker takes for a second definition.
#if defined(__SANITIZE_THREAD__)
#define KVT_TEST_MEMORY 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KVT_TEST_MEMORY 0
#endif
#endif
#if !defined(KVT_TEST_MEMORY)
#define KVT_TEST_MEMORY 1
#endif

#if KVT_TEST_MEMORY
namespace {
thread_local int allocations_left = -1;  ///< of this thread, until memory runs out; -1: it never does
}  // namespace

void* operator new(std::size_t bytes) {
    if (allocations_left == 0) throw std::bad_alloc{};
    if (allocations_left > 0) --allocations_left;
    if (void* out = std::malloc(bytes > 0 ? bytes : 1)) return out;
    throw std::bad_alloc{};
}
void* operator new(std::size_t bytes, std::nothrow_t const&) noexcept { return std::malloc(bytes > 0 ? bytes : 1); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::nothrow_t const&) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
#endif

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

TEST_CASE("without room the ones that are here stay, so a scan over too many prompts still finds some") {
    engine::prefill_store store{1000};
    auto const a = made(10), b = made(10), c = made(10);
    CHECK(a->bytes() == 324);
    store.keep("a", a);
    store.keep("b", b);
    store.keep("c", c);
    CHECK(store.bytes() == 972);
    for (int round = 0; round < 5; ++round)
        for (auto const* key : {"a", "b", "c", "d", "e", "f", "g"}) {
            bool const found = store.find(key, {}) != nullptr;
            CHECK(found == (key[0] <= 'c'));
            if (!found) store.keep(key, made(10));
        }
    CHECK(store.size() == 3);
    CHECK(store.bytes() == 972);
}

TEST_CASE("what nobody asks for any more makes room") {
    engine::prefill_store store{1000};
    for (auto const* key : {"a", "b", "c"}) store.keep(key, made(10));
    int lookups = 0;
    while (store.find("new", {}) == nullptr && lookups < 1000) {
        (void)store.find("a", {});
        store.keep("new", made(10));
        lookups += 2;
    }
    CHECK(lookups > 3 * static_cast<int>(engine::prefill_store::patience));
    CHECK(lookups < 1000);
    CHECK(store.find("a", {}) != nullptr);
    CHECK(store.find("b", {}) == nullptr);  // the longest unused
    CHECK(store.find("c", {}) != nullptr);
}

namespace {

auto const always = [] { return true; };

struct given {
    std::shared_ptr<engine::prefill const> value;
    bool found;
};
/// Finds it, or makes it.
template <class Make, class GoOn>
given get(engine::prefill_store& store, cache::observation_needs needs, Make&& make, GoOn&& go_on) {
    auto [value, mine] = store.find_or_claim("a", needs, go_on);
    if (!mine) return {value, value != nullptr};
    value = make();
    mine.finish(value);
    return {std::move(value), false};
}

}  // namespace

TEST_CASE("who asks for what is being made waits for it") {
    for (std::int64_t const limit : {0, 1000}) {
        engine::prefill_store store{limit};
        std::atomic<int> inside{0}, makes{0}, found{0};
        auto const make = [&]() -> std::shared_ptr<engine::prefill const> {
            ++makes;
            while (inside < 4) std::this_thread::yield();  // all have begun to ask
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
            return made(10);
        };
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                ++inside;
                auto const got = get(store, {}, make, always);
                if (got.value != nullptr && got.found) ++found;
            });
        for (auto& t : threads) t.join();
        CHECK(makes + found == 4);
        if (limit > 0) CHECK(makes == 1);  // what is not kept is made again by whoever comes after the wait
    }
}

TEST_CASE("who may not wait longer goes without") {
    engine::prefill_store store{1000};
    std::atomic<bool> making{false}, gave_up{false};
    std::thread maker{[&] {
        (void)get(
            store, {},
            [&] {
                making = true;
                while (!gave_up) std::this_thread::yield();
                return made(10);
            },
            always);
    }};
    while (!making) std::this_thread::yield();
    auto const got = get(
        store, {}, [] { return made(10); }, [] { return false; });
    CHECK(got.value == nullptr);
    gave_up = true;
    maker.join();
    CHECK(store.find("a", {}) != nullptr);
}

TEST_CASE("a prefill that nobody finished is made by the next who asks") {
    engine::prefill_store store{1000};
    auto const none = [] { return std::shared_ptr<engine::prefill const>{}; };
    auto const broken = []() -> std::shared_ptr<engine::prefill const> { throw 5; };
    auto const good = [] { return made(10); };
    CHECK(get(store, {}, none, always).value == nullptr);
    CHECK_THROWS_AS((void)get(store, {}, broken, always), int);
    auto const first = get(store, {}, good, always);
    CHECK(first.value != nullptr);
    CHECK_FALSE(first.found);
    CHECK(get(store, {}, none, always).found);
    CHECK_FALSE(get(store, {.column_sums = true, .last_rows = 0}, good, always).found);  // saw too little
}

#if KVT_TEST_MEMORY
TEST_CASE("whenever memory runs out, a key that was claimed for nothing is free again") {
    std::string const key(100, 'k');
    int failures = 0;
    for (int good = 0;; ++good) {
        engine::prefill_store store{1000};
        bool ran_out = false;
        allocations_left = good;
        try {
            (void)store.find_or_claim(key, {}, always);
        } catch (std::bad_alloc const&) {
            ran_out = true;
        }
        allocations_left = -1;
        CHECK(store.find_or_claim(key, {}, [] { return false; }).mine);  // does not wait for anybody
        if (!ran_out) break;
        ++failures;
    }
    CHECK(failures >= 3);
    for (int good = 0; good < 10; ++good) {
        engine::prefill_store store{1000};
        auto const one = made(10);
        allocations_left = good;
        try {
            store.keep(key, one);
        } catch (std::bad_alloc const&) {
            CHECK(store.size() == 0);
        }
        allocations_left = -1;
        CHECK(store.bytes() == static_cast<std::int64_t>(store.size()) * one->bytes());
        store.keep(key, one);
        CHECK(store.find(key, {}) == one);
        CHECK(store.size() == 1);
    }
}
#endif

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
