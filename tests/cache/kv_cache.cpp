#include <doctest/doctest.h>

#include <kvt/cache/kv_cache.hpp>

#include <vector>

namespace cache = kvt::cache;

namespace {

void append(cache::kv_cache& c, std::int32_t layer, std::int32_t head, std::int32_t position) {
    std::vector<float> key(4), value(4);
    for (int d = 0; d < 4; ++d) {
        key[static_cast<std::size_t>(d)] =
            static_cast<float>(1000 * layer + 100 * head + position) + 0.25F * static_cast<float>(d);
        value[static_cast<std::size_t>(d)] = -key[static_cast<std::size_t>(d)];
    }
    c.append(layer, head, position, key, value);
}

cache::kv_cache filled(std::int32_t entries) {
    cache::kv_cache c{2, 3, 4};
    c.reserve(entries);
    for (std::int32_t layer = 0; layer < 2; ++layer)
        for (std::int32_t head = 0; head < 3; ++head)
            for (std::int32_t p = 0; p < entries; ++p) append(c, layer, head, p);
    return c;
}

}  // namespace

TEST_CASE("what is appended comes back, list by list") {
    auto const c = filled(10);
    CHECK(c.length(1, 2) == 10);
    CHECK(c.keys(1, 2).size() == 40);
    CHECK(c.keys(1, 2)[4 * 7 + 1] == 1207.25F);
    CHECK(c.values(0, 1)[4 * 3] == -103.0F);
    CHECK(c.positions(0, 0)[9] == 9);
    CHECK(c.entries() == 60);
    CHECK(c.bytes() == 60 * 2 * 4 * 4);
    CHECK(c.bytes(0, 0) == 10 * 2 * 4 * 4);
}

TEST_CASE("retain removes entries and frees their memory, of one list alone") {
    auto c = filled(10);
    float const* before = c.keys(1, 0).data();
    c.retain(1, 0, std::vector<std::int32_t>{2, 5, 9});
    CHECK(c.keys(1, 0).data() != before);
    CHECK(c.length(1, 0) == 3);
    CHECK(c.length(1, 1) == 10);
    CHECK(c.keys(1, 0)[4] == 1005.0F);
    CHECK(c.values(1, 0)[8] == -1009.0F);
    CHECK(std::vector<std::int32_t>(c.positions(1, 0).begin(), c.positions(1, 0).end()) ==
          std::vector<std::int32_t>{2, 5, 9});
    CHECK(c.bytes(1, 0) == 3 * 2 * 4 * 4);
    CHECK(c.bytes() == 53 * 2 * 4 * 4);
}

TEST_CASE("make_room keeps the allocation and what is appended next takes the freed place") {
    auto c = filled(5);
    c.make_room(0, 0, std::vector<std::int32_t>{0, 2, 3, 4});
    append(c, 0, 0, 5);
    CHECK(c.bytes(0, 0) == 5 * 2 * 4 * 4);
    CHECK(std::vector<std::int32_t>(c.positions(0, 0).begin(), c.positions(0, 0).end()) ==
          std::vector<std::int32_t>{0, 2, 3, 4, 5});
    CHECK(c.keys(0, 0)[4] == 2.0F);
    CHECK(c.keys(0, 0)[16] == 5.0F);
}

TEST_CASE("beyond its reserve a list grows and bytes says so") {
    auto c = filled(5);
    append(c, 0, 0, 5);
    CHECK(c.length(0, 0) == 6);
    CHECK(c.bytes(0, 0) > 6 * 2 * 4 * 4 - 1);
    CHECK(c.keys(0, 0)[0] == 0.0F);
    CHECK(c.keys(0, 0)[20] == 5.0F);
}

TEST_CASE("a gathered cache holds the kept entries exactly and leaves the source alone") {
    auto const c = filled(6);
    std::vector<std::vector<std::int32_t>> kept(6, {1, 4});
    kept[3] = {0, 1, 2, 3, 4, 5};
    kept[5] = {};
    auto const g = c.gathered(kept);
    CHECK(g.length(0, 0) == 2);
    CHECK(g.length(1, 0) == 6);
    CHECK(g.length(1, 2) == 0);
    CHECK(g.keys(0, 1)[4] == 104.0F);
    CHECK(g.bytes() == (2 * 4 + 6) * 2 * 4 * 4);
    CHECK(c.entries() == 36);
}
