#include <doctest/doctest.h>

#include <kvt/cache/observation.hpp>
#include <kvt/core/random.hpp>

#include <vector>

namespace cache = kvt::cache;
namespace model = kvt::model;

namespace {

/// Causal attention of `n` queries, made up: row i over i + 1 slots.
std::vector<std::vector<float>> made_up(std::int32_t n) {
    kvt::random_stream draw{3, "attention"};
    std::vector<std::vector<float>> rows;
    for (std::int32_t i = 0; i < n; ++i) {
        rows.emplace_back(static_cast<std::size_t>(n));
        for (std::int32_t j = 0; j <= i; ++j)
            rows.back()[static_cast<std::size_t>(j)] = static_cast<float>(draw.unit());
    }
    return rows;
}

/// Feeds the rows in blocks of `step`, as a transformer would.
void feed(cache::observation& seen, std::vector<std::vector<float>> const& rows, std::int32_t step, std::int32_t layer,
          std::int32_t head, std::int32_t group) {
    auto const n = static_cast<std::int32_t>(rows.size());
    seen.expect(n);
    for (std::int32_t first = 0; first < n; first += step) {
        std::int32_t const count = std::min(step, n - first), columns = first + count;
        if (!seen.wants(layer, first, count)) continue;
        std::vector<float> probs(static_cast<std::size_t>(columns * count));
        for (std::int32_t j = 0; j < columns; ++j)
            for (std::int32_t r = 0; r < count; ++r)
                probs[static_cast<std::size_t>(j * count + r)] =
                    rows[static_cast<std::size_t>(first + r)][static_cast<std::size_t>(j)];
        seen.attention({.layer = layer,
                        .query_head = head,
                        .kv_head = head / group,
                        .first_position = first,
                        .rows = count,
                        .columns = columns,
                        .probs = probs.data(),
                        .stride = static_cast<std::size_t>(count)});
    }
}

}  // namespace

TEST_CASE("sums and last rows are the same bits however the prompt was cut") {
    auto const rows = made_up(70);
    cache::observation whole{1, 2, 1, {.column_sums = true, .last_rows = 9}};
    feed(whole, rows, 70, 0, 1, 2);
    auto const& expected = whole.of(0, 0)[1];
    REQUIRE(expected.sums.size() == 70);
    REQUIRE(expected.rows.size() == 9);
    CHECK(expected.rows.back().size() == 70);
    CHECK(expected.rows.front().size() == 62);
    for (std::int32_t j = 0; j < 70; ++j) {
        double sum = 0;
        for (auto const& row : rows) sum += static_cast<double>(row[static_cast<std::size_t>(j)]);
        CHECK(expected.sums[static_cast<std::size_t>(j)] == sum);
    }
    for (std::int32_t step : {1, 2, 7, 32, 64}) {
        cache::observation cut{1, 2, 1, {.column_sums = true, .last_rows = 9}};
        feed(cut, rows, step, 0, 1, 2);
        CHECK(cut.of(0, 0)[1].sums == expected.sums);
        CHECK(cut.of(0, 0)[1].rows == expected.rows);
        CHECK(cut.of(0, 0)[0].sums.empty());
    }
}

TEST_CASE("nothing is wanted where nothing is needed") {
    cache::observation none{1, 1, 1, {}};
    none.expect(100);
    CHECK_FALSE(none.wants(0, 0, 100));
    CHECK_FALSE(none.wants(0, 99, 1));
    cache::observation last{1, 1, 1, {.column_sums = false, .last_rows = 4}};
    last.expect(100);
    CHECK_FALSE(last.wants(0, 64, 32));
    CHECK(last.wants(0, 65, 32));
    CHECK(last.wants(0, 96, 4));
}

TEST_CASE("what was seen follows evictions, and survivors carry their sums on") {
    auto const rows = made_up(8);
    cache::observation seen{1, 1, 1, {.column_sums = true, .last_rows = 3}};
    feed(seen, rows, 8, 0, 0, 1);
    auto const before = seen.of(0, 0)[0];
    std::vector<std::int32_t> const kept{0, 3, 7};
    seen.retain(0, 0, kept);
    CHECK(seen.of(0, 0)[0].sums == std::vector<double>{before.sums[0], before.sums[3], before.sums[7]});
    CHECK(seen.of(0, 0)[0].rows[0].size() == 2);  // its query came before slot 7
    CHECK(seen.of(0, 0)[0].rows[2] == std::vector<float>{rows[7][0], rows[7][3], rows[7][7]});

    std::vector<float> const next{0.5F, 0.25F, 0.125F, 0.125F};
    seen.expect(9);
    seen.attention({.layer = 0,
                    .query_head = 0,
                    .kv_head = 0,
                    .first_position = 8,
                    .rows = 1,
                    .columns = 4,
                    .probs = next.data(),
                    .stride = 1});
    CHECK(seen.of(0, 0)[0].sums[1] == before.sums[3] + 0.25);
    CHECK(seen.of(0, 0)[0].sums[3] == 0.125);
    CHECK(seen.of(0, 0)[0].rows.size() == 3);
    CHECK(seen.of(0, 0)[0].rows[2] == next);
}

TEST_CASE("a gathered observation is cut down to what is needed") {
    auto const rows = made_up(8);
    cache::observation seen{1, 2, 1, {.column_sums = true, .last_rows = 3}};
    feed(seen, rows, 8, 0, 0, 2);
    feed(seen, rows, 8, 0, 1, 2);
    std::vector<std::vector<std::int32_t>> const kept{{1, 2}};
    auto const rows_only = seen.gathered(kept, {.column_sums = false, .last_rows = 2});
    CHECK(rows_only.of(0, 0)[1].sums.empty());
    CHECK(rows_only.of(0, 0)[1].rows ==
          std::vector<std::vector<float>>{{rows[6][1], rows[6][2]}, {rows[7][1], rows[7][2]}});
    CHECK(seen.needs().covers(rows_only.needs()));
    CHECK_FALSE(rows_only.needs().covers(seen.needs()));
    CHECK(rows_only.needs().with(seen.needs()).last_rows == 3);
}
