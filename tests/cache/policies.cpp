#include <doctest/doctest.h>

#include <kvt/cache/policies.hpp>

#include "laws/cache_policy.hpp"

#include <limits>
#include <vector>

namespace cache = kvt::cache;
using list = std::vector<std::int32_t>;

namespace own {

/// A user's own policy: every second entry from the newest backwards.
struct strided {
    static constexpr std::string_view name = "strided";
    static constexpr cache::budget_mode when = cache::budget_mode::prompt;
    std::int32_t stride = 1;
    static cache::observation_needs needs() { return {}; }
    void select(cache::head_view const& view, std::int32_t slots, kvt::random_stream, list& kept) const {
        for (std::int32_t i = 0; i < slots; ++i) kept.push_back(view.length() - 1 - i * stride);  // descending: wrong
    }
};
KVT_RECORD(strided, stride);

}  // namespace own

namespace {

laws::made_head flat(std::int32_t length, std::int32_t group = 1) {
    laws::made_head head{length, group, kvt::random_stream{5}};
    for (auto& q : head.queries) {
        q.sums.assign(static_cast<std::size_t>(length), 0.25);
        for (auto& row : q.rows) row.assign(static_cast<std::size_t>(length), 0.125F);
    }
    for (std::int32_t i = 0; i < length; ++i) head.positions[static_cast<std::size_t>(i)] = i;
    return head;
}

list range(std::int32_t first, std::int32_t last) {
    list out;
    cache::keep_range(first, last, out);
    return out;
}

}  // namespace

TEST_CASE("the best are kept in one order, whatever is no number among the scores") {
    float const none = std::numeric_limits<float>::quiet_NaN(), least = -std::numeric_limits<float>::infinity();
    auto const best = [](std::vector<float> const& scores, std::int32_t count) {
        list kept;
        cache::keep_highest(scores, 10, count, kept);
        return kept;
    };
    CHECK(best({1, none, 3, none, 2, none}, 3) == list{10, 12, 14});
    CHECK(best({none, 1, none}, 2) == list{11, 12});  // the newer of equals
    CHECK(best({least, none, least}, 1) == list{12});
    CHECK(best({none, least, none, least}, 2) == list{12, 13});
    std::vector<float> many(200);
    for (std::size_t i = 0; i < many.size(); ++i) many[i] = i % 3 == 0 ? none : static_cast<float>(i % 7);
    auto const kept = best(many, 100);
    CHECK(kept.size() == 100);
    for (auto slot : kept) CHECK(many[static_cast<std::size_t>(slot - 10)] >= 0);
}

TEST_CASE("every registered policy obeys the laws") {
    cache::policies::each([](std::string_view name, auto type) {
        using policy = typename decltype(type)::type;
        CAPTURE(name);
        CHECK(policy::name == name);
        laws::cache_policy_laws(policy{}, name != "full");
    });
    laws::cache_policy_laws(cache::snapkv{.dialect = cache::snapkv_dialect::kvpress});
    laws::cache_policy_laws(cache::snapkv{.window = 3, .kernel = 1, .group = cache::reduction::max});
    laws::cache_policy_laws(cache::h2o{.heavy_share = 1, .group = cache::reduction::sum});
    laws::cache_policy_laws(cache::h2o{.heavy_share = 0});
    laws::cache_policy_laws(cache::streaming_llm{.sinks = 0});
}

TEST_CASE("streaming_llm keeps sinks and the most recent") {
    auto const head = flat(20);
    kvt::random_stream const stream{1};
    CHECK(laws::chosen(cache::streaming_llm{}, head.view(), 10, stream) == list{0, 1, 2, 3, 14, 15, 16, 17, 18, 19});
    CHECK(laws::chosen(cache::streaming_llm{.sinks = 1}, head.view(), 3, stream) == list{0, 18, 19});
    CHECK(laws::chosen(cache::streaming_llm{}, head.view(), 3, stream) == list{0, 1, 19});
    CHECK(laws::chosen(cache::streaming_llm{}, head.view(), 1, stream) == list{19});
    CHECK(cache::streaming_llm{}.adjustment(3) == "sinks 4 reduced to 2");
    CHECK(cache::streaming_llm{}.adjustment(5).empty());
    auto view = head.view();
    view.incoming = 1;  // with the entry to come, 4 sinks and 6 recent ones
    CHECK(laws::chosen(cache::streaming_llm{}, view, 9, stream) == list{0, 1, 2, 3, 15, 16, 17, 18, 19});
}

TEST_CASE("h2o keeps recent entries and those with the greatest sums; newer wins a tie") {
    auto head = flat(12);
    kvt::random_stream const stream{1};
    CHECK(laws::chosen(cache::h2o{}, head.view(), 5, stream) == list{7, 8, 9, 10, 11});
    head.queries[0].sums[2] = 3;
    head.queries[0].sums[4] = 1;
    CHECK(laws::chosen(cache::h2o{}, head.view(), 5, stream) ==
          list{2, 4, 9, 10, 11});  // 3 heavy, 2 recent: 9 ties and is newest
    CHECK(laws::chosen(cache::h2o{}, head.view(), 4, stream) == list{2, 4, 10, 11});
    CHECK(laws::chosen(cache::h2o{.heavy_share = 0.25}, head.view(), 4, stream) == list{2, 9, 10, 11});
    auto view = head.view();
    view.incoming = 1;  // of 5 with the entry to come: 3 heavy, 2 recent
    CHECK(laws::chosen(cache::h2o{}, view, 4, stream) == list{2, 4, 10, 11});
    auto two = flat(12, 2);
    two.queries[0].sums[2] = 1, two.queries[1].sums[3] = 0.8, two.queries[0].sums[3] = 0.4;
    CHECK(laws::chosen(cache::h2o{.heavy_share = 0.5}, two.view(), 2, stream) == list{2, 11});
    CHECK(laws::chosen(cache::h2o{.heavy_share = 0.5, .group = cache::reduction::max}, two.view(), 2, stream) ==
          list{2, 11});
    two.queries[1].sums[3] = 0.9;
    CHECK(laws::chosen(cache::h2o{.heavy_share = 0.5}, two.view(), 2, stream) == list{3, 11});
    CHECK_THROWS_AS(cache::any_policy{cache::h2o{.heavy_share = 1.5}}, kvt::error);
}

TEST_CASE("snapkv@paper keeps what the window looked at with its neighbours, and the window") {
    auto head = flat(40);
    kvt::random_stream const stream{1};
    cache::snapkv const paper{.window = 4};
    CHECK(laws::chosen(paper, head.view(), 10, stream) == range(30, 40));  // all tie: newer wins
    for (std::size_t r = 60; r < 64; ++r) head.queries[0].rows[r][10] = 0.9F;
    CHECK(laws::chosen(paper, head.view(), 12, stream) == list{7, 8, 9, 10, 11, 12, 13, 35, 36, 37, 38, 39});
    CHECK(laws::chosen(paper, head.view(), 8, stream) ==
          list{10, 11, 12, 13, 36, 37, 38, 39});  // pooled ties: newer first
    CHECK(paper.window_of(6) == 3);
    CHECK(paper.adjustment(6) == "window 4 reduced to 3");
    CHECK(paper.adjustment(8).empty());
    CHECK(cache::snapkv{}.needs().last_rows == 32);
    CHECK(cache::snapkv{}.label() == "snapkv@paper");
}

TEST_CASE("snapkv@kvpress averages with padding zeros, so the ends of the candidates are deflated") {
    auto head = flat(40);
    kvt::random_stream const stream{1};
    cache::snapkv const press{.dialect = cache::snapkv_dialect::kvpress, .window = 4};
    // 36 candidates; 35 and 34 lack neighbours on the right, 0 and 1 on the left.
    CHECK(laws::chosen(press, head.view(), 10, stream) == list{28, 29, 30, 31, 32, 33, 36, 37, 38, 39});
    for (std::size_t r = 60; r < 64; ++r) head.queries[0].rows[r][10] = 0.9F;
    CHECK(laws::chosen(press, head.view(), 10, stream) == list{8, 9, 10, 11, 12, 33, 36, 37, 38, 39});
    CHECK(cache::snapkv{.dialect = cache::snapkv_dialect::kvpress}.needs().last_rows == 64);
}

TEST_CASE("for max pooling it matters whether query heads are reduced first") {
    auto head = flat(30, 2);
    for (std::size_t r = 60; r < 64; ++r) {
        head.queries[0].rows[r][5] = 0.5F;  // both heads look at neighbours of 6: pooled first, 6 gets both
        head.queries[1].rows[r][7] = 0.5F;
        head.queries[0].rows[r][15] = 0.45F;
        head.queries[1].rows[r][15] = 0.45F;
    }
    kvt::random_stream const stream{1};
    cache::snapkv p{.window = 1, .kernel = 3};
    CHECK(laws::chosen(p, head.view(), 4, stream) == list{14, 15, 16, 29});
    p.order = cache::reduction_order::pool_then_reduce;
    CHECK(laws::chosen(p, head.view(), 3, stream) == list{6, 16, 29});
}

TEST_CASE("random draws by position: nested, independent of what else is there, near uniform") {
    auto const head = flat(50);
    kvt::random_stream const stream{9, "random"};
    auto const ten = laws::chosen(cache::random{}, head.view(), 10, stream);
    auto const twenty = laws::chosen(cache::random{}, head.view(), 20, stream);
    CHECK(std::includes(twenty.begin(), twenty.end(), ten.begin(), ten.end()));
    std::vector<int> counts(50);
    for (std::int64_t seed = 0; seed < 2000; ++seed)
        for (auto slot : laws::chosen(cache::random{}, head.view(), 10, kvt::random_stream{seed, "random"}))
            ++counts[static_cast<std::size_t>(slot)];
    for (int c : counts) CHECK(std::abs(c - 400) < 90);  // 5 standard deviations of a binomial (2000, 0.2)
}

TEST_CASE("policies by name, with dialects and parameters") {
    CHECK(cache::make_policy("snapkv").label() == "snapkv@paper");
    auto const press = cache::make_policy("snapkv@kvpress");
    CHECK(press.name() == "snapkv");
    CHECK(press.label() == "snapkv@kvpress");
    CHECK(press.parameters().at("window").integer() == 64);
    CHECK(press.parameters().at("pool").text() == "average");
    CHECK(cache::make_policy("snapkv", kvt::json::of({{"window", 8}})).needs().last_rows == 8);
    CHECK(cache::make_policy("h2o").when() == cache::budget_mode::capped);
    CHECK(cache::make_policy("random").when() == cache::budget_mode::prompt);
    CHECK_THROWS_WITH(static_cast<void>(cache::make_policy("snapvk")),
                      "kv.policy: unknown name \"snapvk\" (did you mean snapkv?); expected one of full, snapkv, h2o, "
                      "streaming_llm, random");
    CHECK_THROWS_AS(static_cast<void>(cache::make_policy("snapkv@papier")), kvt::error);
    CHECK(cache::make_policy("snapkv@kvpress", kvt::json::of({{"dialect", "kvpress"}})).label() == "snapkv@kvpress");
    CHECK_THROWS_WITH_AS(static_cast<void>(cache::make_policy("snapkv@kvpress", kvt::json::of({{"dialect", "paper"}}))),
                         "kv.policy.dialect: \"paper\" contradicts snapkv@kvpress", kvt::error);
    CHECK_THROWS_AS(static_cast<void>(cache::make_policy("h2o@paper")), kvt::error);
    CHECK_THROWS_AS(static_cast<void>(cache::make_policy("snapkv", kvt::json::of({{"kernel", 4}}))), kvt::error);
    CHECK_THROWS_AS(static_cast<void>(cache::make_policy("snapkv", kvt::json::of({{"windows", 4}}))), kvt::error);
    CHECK(cache::common_needs<>().column_sums);
    CHECK(cache::common_needs<>().last_rows == 32);
}

TEST_CASE("a user's policy joins the registry, and one that breaks the laws is named") {
    using mine = cache::policies::with<"strided", own::strided>;
    auto const p = cache::make_policy<mine>("strided", kvt::json::of({{"stride", 2}}));
    auto const head = flat(20);
    CHECK_THROWS_WITH(
        static_cast<void>(p.select(head.view(), 5, kvt::random_stream{1})),
        "policy strided: its select broke the law of cache policies; expected slots in ascending order below "
        "the list's length");
    CHECK(p.select(head.view(), 20, kvt::random_stream{1}).size() == 20);
}

TEST_CASE("full refuses to drop anything") {
    auto const head = flat(20);
    CHECK(laws::chosen(cache::full{}, head.view(), 20, kvt::random_stream{1}) == range(0, 20));
    list kept;
    CHECK_THROWS_AS(cache::full::select(head.view(), 19, kvt::random_stream{1}, kept), kvt::error);
}
