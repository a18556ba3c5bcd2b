// law: one experiment over a family of models, from nothing to the law, and again.
#include "process.hpp"

#include <kvt/core/json.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/harness/family_law.hpp>

#include <doctest/doctest.h>

using namespace e2e;

namespace {

/// The constructed model looks records up exactly, so a policy's curve is what it keeps.
std::string family_of(std::string const& models, std::string const& group) {
    return "dataset: {name: constructed, task: lookup, source: constructed_lookup, n_per_bin: 6,\n"
           "          constructed_lookup: {lengths: [64, 128, 256], n_examples: 6, seed: 1}}\n"
           "binning: {n_bins: 3}\n"
           "tokenizer: {name: constructed, mode: word}\n"
           "model: {name: constructed, max_model_len: 4096}\n"
           "engine: {type: embedded, api: completions}\n"
           "family: {models: " +
           models +
           ", reference_tokens: 128}\n"
           "prompt: {template: raw}\n"
           "kv: {policies: [streaming_llm, random], budgets: [1.0, 0.8, 0.5, 0.3, 0.1]}\n"
           "decoding: {max_tokens: 8}\n"
           "run: {prompt_buffer: 0}\n"
           "analysis: {n_boot: 100}\n"
           "scoring: {primary_metric: em}\n"
           "output: {exp_group_id: " +
           group + "}\n";
}

}  // namespace

TEST_CASE("a family's law, from nothing to its files; a second run asks nothing again and says the same") {
    workplace place;
    spit(place / "c.yaml", family_of("[constructed]", "law"));
    auto const first = e2e::kvt(place, {"law", "-c", "c.yaml", "-q"});
    REQUIRE_MESSAGE(first.code == 0, first.err);
    for (auto const* name : {"transition_law.json", "transition_law.md", "transition_law.png", "transition_law.svg",
                             "law_random.svg", "law_streaming_llm.svg"})
        CHECK_MESSAGE(fs::exists(place / "runs/law" / name), name);
    CHECK(fs::exists(place / "runs/law.constructed/report.html"));
    CHECK_MESSAGE(first.out.find("18 of 18 prompts answered with the full cache") != std::string::npos, first.out);

    auto const path = (place / "runs/law/transition_law.json").string();
    auto const laws = ::kvt::from_json<::kvt::harness::family_laws>(::kvt::read_json_file(path), path);
    CHECK(laws.unproven.empty());
    REQUIRE(laws.policies.size() == 2);
    for (auto const& p : laws.policies) {
        CHECK(p.law.verdict == ::kvt::analysis::law_verdict::fitted);
        CHECK_FALSE(p.law.size_exponent.value);
        CHECK(p.law.length_exponent.value);
        CHECK(p.law.cells.size() == 3);
        CHECK(p.law.answers == 18 * 4);
    }
    auto const before = slurp(path);
    auto const second = e2e::kvt(place, {"law", "-c", "c.yaml", "-q"});
    CHECK(second.code == 0);
    CHECK(second.out == first.out);
    CHECK(slurp(path) == before);
}

TEST_CASE("what is no family is refused in one line, and nothing is written") {
    workplace place;
    auto const refused = [&](std::string const& text, char const* words) {
        spit(place / "c.yaml", text);
        auto const r = e2e::kvt(place, {"law", "-c", "c.yaml", "-q"});
        CHECK(r.code == 2);
        CHECK_MESSAGE(r.err_lines() == 1, r.err);
        CHECK_MESSAGE(r.err.find(words) != std::string::npos, r.err);
        CHECK_FALSE(fs::exists(place / "runs"));
    };
    refused(family_of("null", "g"), "family.models: missing; expected a list of model folders");
    refused(family_of("[constructed, a/constructed]", "g"), "two models are called constructed");
    refused(family_of("[no/such/model]", "g"), "no/such/model/config.json");
    refused(family_of("constructed", "g"), "family.models");
}
