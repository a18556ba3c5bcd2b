#include <kvt/core/random.hpp>
#include <kvt/data/sampling.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

#include <algorithm>
#include <set>

using namespace kvt;
using namespace kvt::data;

namespace {

struct rows {
    std::vector<std::string> names;
    std::vector<std::string_view> ids;
    std::vector<std::int64_t> lengths;

    explicit rows(std::vector<std::int64_t> n) : lengths{std::move(n)} {
        for (std::size_t i = 0; i < lengths.size(); ++i) names.push_back("e" + std::to_string(100 + i));
        ids.assign(names.begin(), names.end());
    }
    [[nodiscard]] selection select(sampling const& how, std::int64_t n_bins = 3) const {
        return data::select(how, quantile_bins{n_bins}, ids, lengths);
    }
};

std::vector<std::size_t> chosen(selection const& s) {
    std::vector<std::size_t> out;
    for (auto const& r : s.rows) out.push_back(r.row);
    return out;
}
std::string refused(rows const& from, sampling const& how) {
    auto const e = error_of<data_error>([&] { (void)from.select(how); });
    return e ? std::string{name_of(e->code())} : "";
}

rows const twelve{{30, 5, 12, 44, 9, 17, 60, 3, 25, 8, 51, 14}};

}  // namespace

TEST_CASE("a number a bin, shortest first without a seed") {
    auto const s = twelve.select({.n_per_bin = 2});
    CHECK(chosen(s) == std::vector<std::size_t>{7, 1, 2, 11, 0, 3});
    CHECK(s.n_per_bin == 2);
    CHECK(s.per_bin_n.empty());
    auto const all = twelve.select({.n_per_bin = 100});
    CHECK(all.rows.size() == 12);
}

TEST_CASE("a seed picks other rows, the same ones every time") {
    auto const once = chosen(twelve.select({.n_per_bin = 2, .seed = 1337}));
    CHECK(once == chosen(twelve.select({.n_per_bin = 2, .seed = 1337})));
    CHECK(once != chosen(twelve.select({.n_per_bin = 2, .seed = 7})));
    CHECK(order_key(1337, "abc") == "4c00463c9546c25a739964c3fc4a6a25d24efc22902f6470e72b41aeeb72b51d");
}

TEST_CASE("the choice does not depend on the order of the rows") {
    random_stream stream{4, "sampling"};
    for (int round = 0; round < 200; ++round) {
        std::vector<std::int64_t> lengths(3 + stream.below(40));
        for (auto& n : lengths) n = static_cast<std::int64_t>(1 + stream.below(30));
        rows const from{lengths};
        std::vector<std::size_t> order(lengths.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[stream.below(i)]);
        rows shuffled{lengths};
        for (std::size_t i = 0; i < order.size(); ++i)
            shuffled.ids[i] = from.ids[order[i]], shuffled.lengths[i] = from.lengths[order[i]];
        sampling how{.n_per_bin = 1 + static_cast<std::int64_t>(stream.below(5))};
        if (round % 2 == 0) how.seed = round;
        auto const ids = [](rows const& r, selection const& s) {
            std::vector<std::string_view> out;
            for (auto const& x : s.rows) out.push_back(r.ids[x.row]);
            return out;
        };
        auto const one = from.select(how);
        REQUIRE(ids(from, one) == ids(shuffled, shuffled.select(how)));
        std::set<std::size_t> distinct;
        for (auto const& r : one.rows) {
            REQUIRE(distinct.insert(r.row).second);
            REQUIRE(r.bin_idx == bin_of(one.edges, from.lengths[r.row]));
        }
        REQUIRE(std::is_sorted(one.rows.begin(), one.rows.end(), [](auto a, auto b) { return a.bin_idx < b.bin_idx; }));
    }
}

TEST_CASE("one cap moves the bins, the other does not") {
    auto const before = twelve.select({.n_per_bin = 1, .max_token_len = 20});
    CHECK(before.edges == std::vector<bin_edge>{{0, 3, 5}, {1, 8, 9}, {2, 12, 17}});
    auto const after = twelve.select({.n_per_bin = 2, .max_prompt_tokens = 20});
    CHECK(after.edges.back() == bin_edge{2, 30, 60});
    CHECK(chosen(after) == std::vector<std::size_t>{7, 1, 2, 11});
}

TEST_CASE("pins come in ascending order and count what survives the caps") {
    auto const s = twelve.select({.pinned_entry_indices = {3, 0, 11}});
    CHECK(chosen(s) == std::vector<std::size_t>{0, 3, 11});
    CHECK(s.n_per_bin == 3);
    CHECK(chosen(twelve.select({.max_prompt_tokens = 20, .pinned_entry_indices = {4, 5}})) ==
          std::vector<std::size_t>{7, 9});
}

TEST_CASE("slices take the rows of their windows that are left") {
    sampling const sanity{.sanity_slices = {{.name = "short", .n = 3, .min_pct = 0, .max_pct = 25},
                                            {.name = "medium", .n = 3, .min_pct = 40, .max_pct = 60},
                                            {.name = "long", .n = 3, .min_pct = 75}}};
    auto const s = twelve.select(sanity, 1);
    CHECK(chosen(s) == std::vector<std::size_t>{7, 1, 9, 2, 11, 5, 0, 3, 10});
    CHECK(s.n_per_bin == 9);
    CHECK(chosen(twelve.select({.sanity_slices = {{.n = 2, .min_tokens = 10, .max_tokens = 20},
                                                  {.n = 1, .min_tokens = 10, .max_tokens = 20}}})) ==
          std::vector<std::size_t>{2, 11, 5});
}

TEST_CASE("focus bins get more") {
    focus const two{.focus_bins = {9, 2}, .base_n_per_bin = 1, .focus_n_per_bin = 3};
    auto const s = twelve.select({.n_per_bin = std::nullopt, .focus = two});
    CHECK(chosen(s) == std::vector<std::size_t>{7, 2, 0, 3, 10});
    CHECK(s.per_bin_n == std::vector<std::int64_t>{1, 1, 3});
    CHECK(s.n_per_bin == 3);
    auto wide = two;
    wide.focus_radius_bins = 1;
    CHECK(twelve.select({.focus = wide}).per_bin_n == std::vector<std::int64_t>{1, 3, 3});
}

TEST_CASE("every rule that cannot be met says so") {
    CHECK(refused(twelve, {.n_per_bin = 0}) == "N_PER_BIN");
    CHECK(refused(twelve, {.n_per_bin = std::nullopt}) == "N_PER_BIN");
    CHECK(refused(twelve, {.max_token_len = -1}) == "BAD_CAP");
    CHECK(refused(twelve, {.max_prompt_tokens = 0}) == "BAD_CAP");
    CHECK(refused(twelve, {.max_token_len = 1}) == "ALL_FILTERED");
    CHECK(refused(twelve, {.max_prompt_tokens = 2}) == "ALL_FILTERED");
    CHECK(refused(twelve, {.n_per_bin = 3, .max_token_len = 20}) == "TOO_FEW_AFTER_CAP");
    CHECK(refused(twelve, {.pinned_entry_indices = {12}}) == "PIN_RANGE");
    CHECK(refused(twelve, {.pinned_entry_indices = {0, 1, 0}}) == "PIN_DUPLICATE");
    CHECK(refused(twelve, {.sanity_slices = {{.n = 0, .min_pct = 0}}}) == "SLICE_N");
    CHECK(refused(twelve, {.sanity_slices = {{.n = 1}}}) == "SLICE_NONE");
    CHECK(refused(twelve, {.sanity_slices = {{.n = 1, .min_pct = 0, .max_tokens = 9}}}) == "SLICE_BOTH");
    CHECK(refused(twelve, {.sanity_slices = {{.n = 5, .min_tokens = 1, .max_tokens = 5}}}) == "SLICE_SHORT");
    CHECK(refused(twelve, {.focus = focus{}}) == "FOCUS_BINS");
    CHECK(refused(twelve, {.focus = focus{.focus_bins = {0}, .base_n_per_bin = 0}}) == "FOCUS_BASE");
    CHECK(refused(twelve, {.focus = focus{.focus_bins = {0}, .focus_n_per_bin = 0}}) == "FOCUS_N");
    CHECK(refused(twelve, {.focus = focus{.focus_bins = {0}, .focus_radius_bins = -1}}) == "FOCUS_RADIUS");
    CHECK(refused(rows{{}}, {}) == "EMPTY_INPUT");
}
