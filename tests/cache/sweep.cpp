#include <doctest/doctest.h>

#include <kvt/cache/sweep.hpp>

#include <string>
#include <vector>

namespace cache = kvt::cache;

namespace {

std::vector<std::string> runs(cache::sweep const& s) {
    std::vector<std::string> out;
    for (auto const& run : s.runs()) out.push_back(run.policy.name + " " + kvt::shortest(run.budget));
    return out;
}

}  // namespace

TEST_CASE("one policy: its budgets in the given order") {
    CHECK(runs(cache::sweep{cache::snapkv{}, {1.0, 0.5, 0.2}}) ==
          std::vector<std::string>{"snapkv 1.0", "snapkv 0.5", "snapkv 0.2"});
}

TEST_CASE("several policies share one run of the full cache") {
    cache::sweep s{cache::snapkv{}, {0.5, 1.0, 0.2}};
    s.add(cache::random{});
    CHECK(runs(s) == std::vector<std::string>{"full 1.0", "snapkv 0.5", "snapkv 0.2", "random 0.5", "random 0.2"});
    cache::sweep const without{{{"snapkv", {}}, {"h2o", {}}}, {0.5}};
    CHECK(runs(without) == std::vector<std::string>{"snapkv 0.5", "h2o 0.5"});
}

TEST_CASE("parameters travel with the policy and make it again") {
    cache::sweep const s{cache::snapkv{.dialect = cache::snapkv_dialect::kvpress, .window = 16}, {0.5}};
    auto const p = cache::make_policy(s.policies[0].name, s.policies[0].parameters);
    CHECK(p.label() == "snapkv@kvpress");
    CHECK(p.needs().last_rows == 16);
    CHECK(kvt::from_json<cache::sweep>(kvt::to_json(s)).policies[0].parameters == s.policies[0].parameters);
}

TEST_CASE("what makes no sense is refused before anything runs") {
    CHECK_THROWS_AS(static_cast<void>(cache::sweep{}.runs()), kvt::error);
    CHECK_THROWS_AS(static_cast<void>(runs({cache::h2o{}, {1.0, 0.5, 1.0}})), kvt::error);
    CHECK_THROWS_AS(static_cast<void>(runs({cache::h2o{}, {0.0}})), kvt::error);
    CHECK_THROWS_AS(static_cast<void>(runs({{{"h2o", {}}, {"h2o", {}}}, {0.5}})), kvt::error);
    CHECK(runs({{{"snapkv@paper", {}}, {"snapkv@kvpress", {}}}, {0.5}}).size() == 2);
}
