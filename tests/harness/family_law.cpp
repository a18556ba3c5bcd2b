#include <kvt/core/pipeline.hpp>
#include <kvt/exec/executor.hpp>
#include <kvt/harness/family_law.hpp>
#include <kvt/harness/family_law_report.hpp>
#include <kvt/numeric/logistic.hpp>

#include <doctest/doctest.h>
#include <support/scratch_folder.hpp>

#include <cmath>
#include <filesystem>

namespace h = kvt::harness;

namespace {

/// Two policies over three sizes: one needs a fixed number of entries, the other a fixed share.
h::family_answers made_up() {
    h::family_answers out;
    for (auto const& [name, parameters] : {std::pair{"s", 1e5}, {"m", 5e5}, {"l", 2e6}}) {
        auto& m = out.members.emplace_back();
        m.name = name, m.parameters = parameters, m.asked = m.answered = 60;
    }
    for (auto const& [policy, exponent] : {std::pair{"entries", -1.0}, {"share", 0.0}}) {
        kvt::random_stream stream{3, policy};
        h::policy_retentions of{policy, {}};
        for (auto const& m : out.members)
            for (std::int64_t p = 0; p < 60; ++p)
                for (double const b : {0.8, 0.4, 0.2, 0.1, 0.05, 0.025}) {
                    double const tokens = 128 << (p % 4);
                    double const critical = 0.15 * std::pow(tokens / 512, exponent);
                    bool const right = stream.unit() < kvt::numeric::logistic(4 * std::log2(b / critical));
                    of.answers.push_back({p, p % 4, tokens, m.parameters, b, b, right});
                }
        out.policies.push_back(std::move(of));
    }
    return out;
}

bool contains(std::string const& text, char const* words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("each policy gets its law, in words that its intervals allow") {
    kvt::run_context context;
    auto const found = h::fit_laws{{.resamples = 200}}(context, made_up());
    auto const said = h::conclusions_of(found);
    REQUIRE(said.size() == 2);
    CHECK_MESSAGE(contains(said[0], "a fixed number of entries is enough"), said[0]);
    CHECK_MESSAGE(contains(said[1], "the share does not change measurably with length"), said[1]);
    for (auto const& p : found.policies) CHECK(std::abs(*p.law.size_exponent.value) < 0.1);
}

TEST_CASE("laws are the same for any executor") {
    kvt::run_context one, many;
    many.provide(kvt::exec::any_executor{kvt::exec::thread_executor{3}});
    auto const a = h::fit_laws{{.resamples = 30}}(one, made_up()), b = h::fit_laws{{.resamples = 30}}(many, made_up());
    CHECK(kvt::to_json(a) == kvt::to_json(b));
}

TEST_CASE("a policy without a law says why, and unproven budgets are said first of all") {
    auto in = made_up();
    for (auto& a : in.policies[0].answers) a.survived = true;
    in.unproven = {"r1: nothing came back"};
    kvt::run_context context;
    auto const found = h::fit_laws{{.resamples = 20}}(context, in);
    auto const said = h::conclusions_of(found);
    REQUIRE(said.size() == 3);
    CHECK(said[0] == "entries: no law; no answer was lost at any budget that was asked for.");
    CHECK(said[2] == "UNPROVEN: the budgets of 1 runs; first r1: nothing came back.");
    CHECK(contains(h::law_chart(found).warning, "UNPROVEN"));
    CHECK(std::holds_alternative<kvt::report::note>(h::law_document(found).blocks.front()));
}

TEST_CASE("the files: JSON, document and a picture of each policy") {
    scratch_folder folder;
    kvt::run_context context;
    auto const found = h::fit_laws{{.resamples = 20}}(context, made_up());
    (void)h::write_laws{folder.path}(context, found);
    for (auto const* name : {"transition_law.json", "transition_law.md", "transition_law.png", "transition_law.svg",
                             "law_entries.png", "law_entries.svg", "law_share.png", "law_share.svg"})
        CHECK_MESSAGE(std::filesystem::exists(folder / name), name);
    CHECK(context.written().size() == 8);
    auto const chart = h::law_chart(found);
    CHECK(chart.series.size() == 4);  // points and law of each policy
    CHECK(h::policy_chart(found, found.policies.front()).series.size() == 6);
}
