#include "group_of_rows.hpp"

#include <kvt/harness/model_family.hpp>

#include <doctest/doctest.h>
#include <support/scratch_folder.hpp>

using namespace tests;

namespace {

struct family {
    scratch_folder folder{};
    std::vector<h::family_member> members{};

    /// A model's group of two bins with three prompts each.
    void add(std::string const& name, double parameters, auto const& fill) {
        auto const file = folder / (name + ".sqlite");
        group_of_rows group{{3, 3}, file};
        fill(group);
        auto& m = members.emplace_back();
        m.name = name, m.group = "g", m.database = file, m.parameters = parameters;
    }
    [[nodiscard]] h::family_answers read() const {
        kvt::run_context context;
        return h::read_family{members}(context, kvt::start{});
    }
};

double all_but_first(std::int64_t i) { return i == 0 ? 0 : 1; }
std::optional<double> first_bin(std::int64_t i) { return i < 3 ? std::optional{1.0} : std::nullopt; }

}  // namespace

TEST_CASE("answers of the full cache are followed to every smaller budget, by size of model") {
    family f;
    f.add("large", 2e6, [](auto& g) { g.add("full", 1.0, right), g.add("snapkv", 0.5, first_bin); });
    f.add("small", 1e5,
          [](auto& g) { g.add("full", 1.0, all_but_first), g.add("snapkv", 0.5, wrong), g.add("h2o", 0.25, right); });
    auto const found = f.read();
    REQUIRE(found.members.size() == 2);
    CHECK(found.members[0].name == "small");
    CHECK(found.members[0].answered == 5);
    CHECK(found.members[0].asked == 6);
    REQUIRE(found.policies.size() == 2);
    CHECK(found.policies[0].policy == "h2o");
    CHECK(found.policies[0].answers.size() == 5);
    auto const& snapkv = found.policies[1].answers;
    REQUIRE(snapkv.size() == 11);  // six of the large model, five of the small one
    std::int64_t survived = 0;
    for (auto const& a : snapkv) {
        CHECK(a.budget == 0.5);
        CHECK(a.tokens == (a.bin == 0 ? 100 : 200));
        if (a.parameters == 2e6) CHECK(a.survived == (a.prompt < 3));  // an unanswered request is a lost answer
        if (a.parameters == 1e5) CHECK(a.prompt != 0);
        survived += a.survived ? 1 : 0;
        if (a.survived) CHECK(a.share == doctest::Approx(0.5));  // as reported
    }
    CHECK(survived == 3);
    CHECK(found.unproven.size() == 3);  // rows written by hand prove nothing
}

TEST_CASE("the share that was kept is the engine's report") {
    family f;
    f.add("m", 1e6, [](auto& g) { g.add("full", 1.0, right), g.add("snapkv", 0.004, right); });
    auto const found = f.read();
    for (auto const& a : found.policies.front().answers)
        CHECK(a.share == doctest::Approx(0.01));  // one of 100, not none
}

TEST_CASE("families that cannot be compared are refused") {
    kvt::run_context context;
    CHECK_THROWS_WITH_AS((void)(h::read_family{{}}(context, kvt::start{})),
                         "family.models: no model is named; expected a list of model folders", kvt::error);
    family different;
    different.add("one", 1e5, [](auto& g) { g.add("full", 1.0, right); });
    different.add("two", 1e6, [](auto& g) { g.manifest_hash = "other", g.add("full", 1.0, right); });
    CHECK_THROWS_WITH_AS((void)different.read(),
                         "group g: its prompts are not those of group g; expected one manifest for the whole family",
                         kvt::error);
    family no_full;
    no_full.add("one", 1e5, [](auto& g) { g.add("snapkv", 0.5, right); });
    CHECK_THROWS_WITH_AS((void)no_full.read(), "group g: no run with the full cache; expected 1.0 among kv.budgets",
                         kvt::error);
}
