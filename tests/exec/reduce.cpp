#include <kvt/core/random.hpp>
#include <kvt/exec/reduce.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <string>

namespace exec = kvt::exec;

TEST_CASE("a map fills its slots in order") {
    exec::thread_executor const e{3};
    auto const squares = exec::parallel_map(e, 1000, [](std::size_t i) { return i * i; });
    REQUIRE(squares.size() == 1000);
    for (std::size_t i = 0; i < squares.size(); ++i) CHECK(squares[i] == i * i);
    CHECK(exec::parallel_map(e, 0, [](std::size_t i) { return i; }).empty());
}

TEST_CASE("blocks cover every index once and depend on n and the block length alone") {
    exec::thread_executor const e{3};
    for (std::size_t n : {0U, 1U, 5U, 64U, 65U, 1000U})
        for (std::size_t block : {0U, 1U, 3U, 64U, 5000U}) {
            std::vector<std::atomic<int>> covered(n);
            std::atomic<std::size_t> longest{0};
            exec::parallel_blocks(e, n, block, [&](std::size_t begin, std::size_t end) {
                CHECK(begin < end);
                for (auto i = begin; i < end; ++i) covered[i].fetch_add(1);
                if (end - begin > longest.load()) longest.store(end - begin);
            });
            for (auto const& c : covered) CHECK(c.load() == 1);
            CHECK(longest.load() <= std::max<std::size_t>(block, 1));
        }
}

TEST_CASE("the tree is the written one") {
    auto const join = [](std::string a, std::string b) { return "(" + a + b + ")"; };
    using parts = std::vector<std::string>;
    CHECK(exec::tree_combine(parts{}, std::string{"-"}, join) == "-");
    CHECK(exec::tree_combine(parts{"a"}, std::string{"-"}, join) == "a");
    CHECK(exec::tree_combine(parts{"a", "b", "c"}, std::string{"-"}, join) == "((ab)c)");
    CHECK(exec::tree_combine(parts{"a", "b", "c", "d", "e"}, std::string{"-"}, join) == "(((ab)(cd))e)");
    CHECK(exec::tree_combine(parts{"a", "b", "c", "d", "e", "f", "g"}, std::string{"-"}, join) ==
          "(((ab)(cd))((ef)g))");
}

TEST_CASE("sums have the same bits for any number of threads") {
    kvt::random_stream stream{7, "sums"};
    for (std::size_t n : {0U, 1U, 1023U, 1024U, 1025U, 50001U}) {
        std::vector<double> values(n);
        for (auto& v : values) v = std::ldexp(stream.unit() - 0.5, static_cast<int>(stream.below(60)));
        double const expected = exec::parallel_sum(exec::inline_executor{}, values);
        long double exact = 0;
        for (double v : values) exact += v;
        CHECK(expected == doctest::Approx(static_cast<double>(exact)).epsilon(1e-9));
        for (std::int64_t threads : {1, 2, 3, 5, 8}) {
            double const sum = exec::parallel_sum(exec::thread_executor{threads}, values);
            CHECK(sum == expected);
        }
    }
    // the check can fail: a plain loop over these values rounds differently
    std::vector<double> values(50000);
    for (auto& v : values) v = stream.unit();
    double plain = 0;
    for (double v : values) plain += v;
    CHECK(plain != exec::parallel_sum(exec::inline_executor{}, values));
}
