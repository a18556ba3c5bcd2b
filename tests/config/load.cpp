#include <kvt/config/load.hpp>
#include <kvt/core/text_file.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <cstdlib>
#include <filesystem>

using namespace kvt;
namespace fs = std::filesystem;

namespace {

/// A default document and an experiment in a folder of their own.
struct lab {
    scratch_folder folder{};
    std::string defaults = folder / "default.yaml", experiment = folder / "e.yaml";
    lab() {
        write_file(defaults,
                   "dataset: {name: longbench, task: t, n_per_bin: 5}\nbinning: {n_bins: 5}\nmodel: {name: m}\n"
                   "engine: {base_url: http://h, api_key_env: K}\nkv: {policy: snapkv, budgets: [1.0]}\n"
                   "decoding: {temperature: 0, max_tokens: 9}\noutput: {exp_group_id: g}\ndb: {path: null}\n");
    }
    config::loaded load(std::string const& text, std::vector<std::string> const& overrides = {}) const {
        write_file(experiment, text);
        return config::load(defaults, experiment, overrides, config::environment{config::variables{{"SET", "value"}}});
    }
    /// The only error's line without the folder.
    std::string error_of(std::string const& text, std::vector<std::string> const& overrides = {}) const {
        auto const got = load(text, overrides);
        REQUIRE(got.errors.size() == 1);
        return without_folder(got.errors.front().line());
    }
    std::string optional_of(std::string const& text) const {
        auto const got = load(text);
        REQUIRE(got.errors.empty());
        REQUIRE(got.optional.size() == 1);
        return without_folder(got.optional.front().line());
    }
    std::string without_folder(std::string line) const {
        for (auto at = line.find(folder.path); at != line.npos; at = line.find(folder.path))
            line.erase(at, folder.path.size() + 1);
        return line;
    }
};

std::string top() {
    char const* root = std::getenv("KVT_ROOT");
    return root != nullptr ? root : ".";
}

void leaves(field_type const& type, std::string const& key, std::vector<std::string>& out) {
    for (auto const& f : type.fields) {
        auto const at = key.empty() ? std::string{f.name} : key + "." + std::string{f.name};
        if (f.type->kind == field_kind::record) leaves(*f.type, at, out);
        else out.push_back(at);
    }
}

}  // namespace

TEST_CASE("every error is one line that names file, line and key") {
    lab const here;
    CHECK(here.error_of("kv:\n  budgets:\n  - 1.0\n  - 1.5\n") ==
          "e.yaml:4: kv.budgets[1]: 1.5 is outside (0, 1]; expected a fraction of the full cache");
    CHECK(here.error_of("kv: {budgets: [.nan]}") ==
          "e.yaml:1: kv.budgets[0]: null is outside (0, 1]; expected a fraction of the full cache");
    CHECK(here.error_of("kv:\n  buget: [1.0]\n") == "e.yaml:2: kv.buget: unknown key (did you mean kv.budgets?)");
    CHECK(here.error_of("binning: {zzzzzzzz: 1}") ==
          "e.yaml:1: binning.zzzzzzzz: unknown key; expected one of type, n_bins, ends, max_token_len");
    CHECK(here.error_of("kv:\n  budget: [1.0]\n") == "e.yaml:2: kv.budget: unknown key (did you mean kv.budgets?)");
    CHECK(here.error_of("run:\n  retries: {max_atempts: 4}\n") ==
          "e.yaml:2: run.retries.max_atempts: unknown key (did you mean run.retries.max_attempts?)");
    CHECK(here.error_of("dataset: {max_tokens: 4}\n") ==
          "e.yaml:1: dataset.max_tokens: unknown key (did you mean decoding.max_tokens?)");
    CHECK(here.error_of("binning:\n  n_bins: 5.0\n") ==
          "e.yaml:2: binning.n_bins: found a number; expected an integer of at least 1");
    CHECK(here.error_of("binning: null\n") == "e.yaml:1: binning.n_bins: missing; expected an integer of at least 1");
    CHECK(here.error_of("", {"decoding.max_tokens=0"}) ==
          "override: decoding.max_tokens: 0 is too small; expected at least 1");
    CHECK(here.error_of("dataset: {task: ../../etc}") ==
          "e.yaml:1: dataset.task: \"../../etc\" leads out of the data folder; expected a name");
    CHECK(here.error_of("dataset: {sanity_slices: [{n: 1, pct: 3}]}")
              .starts_with("e.yaml:1: dataset.sanity_slices[0].pct: unknown key"));
}

TEST_CASE("files that are not there or not configurations") {
    lab const here;
    auto const refused = [&](std::string const& text) {
        auto const e = error_of([&] { (void)here.load(text); });
        CHECK((!e || e->exit_code() == 2));
        return here.without_folder(e ? e->what() : "");
    };
    CHECK(refused("- 1\n") == "e.yaml: the top level is a list; expected a mapping of sections");
    CHECK(refused("text") == "e.yaml: the top level is a string; expected a mapping of sections");
    CHECK(refused("a: [1\n").starts_with("e.yaml:"));
    CHECK(refused("") == "");
    CHECK_THROWS_AS((void)config::load(here.defaults, here.experiment + ".none"), error);
    CHECK_THROWS_AS((void)config::load(here.defaults + ".none", ""), error);
}

TEST_CASE("values know where they came from") {
    lab const here;
    auto const got =
        here.load("dataset:\n  task: trec\nkv:\n  budgets: [1.0, 0.5]\nengine: {headers: {H: '${SET} ${UNSET}'}}\n",
                  {"dataset.n_per_bin=3", "kv.policies=[h2o]"});
    REQUIRE(got.errors.empty());
    CHECK(here.without_folder(got.where("dataset.task")) == "e.yaml:2");
    CHECK(here.without_folder(got.where("dataset.name")) == "default.yaml:1");
    CHECK(here.without_folder(got.where("kv.budgets[1]")) == "e.yaml:4");
    CHECK(got.where("dataset.n_per_bin") == "override");
    CHECK(here.without_folder(got.where("decoding.nothing")) == "default.yaml:6");
    CHECK(got.where("report.cost_weight_prompt").empty());
    CHECK(got.settings.dataset.task == "trec");
    CHECK(got.settings.dataset.n_per_bin == 3);
    CHECK(got.settings.kv.budgets == std::vector<double>{1.0, 0.5});
    CHECK(got.settings.run.concurrency == 1);
    CHECK(got.settings.engine.headers.at("H").text() == "value ${UNSET}");
    REQUIRE(got.unresolved.size() == 1);
    CHECK(here.without_folder(got.warnings().front()) ==
          "e.yaml:5: engine.headers.H: the environment variable UNSET is not set");
}

TEST_CASE("optional keys warn until a stage needs them") {
    lab const here;
    auto const got = here.load("run:\n  concurrency: many\nscoring:\n  f1_overlap: multset\n");
    CHECK(got.errors.empty());
    CHECK(got.settings.run.concurrency == 1);
    CHECK(got.settings.scoring.f1_overlap == config::token_overlap::multiset);
    CHECK(here.without_folder(got.warnings().at(0)) ==
          "e.yaml:2: run.concurrency: found a string; expected an integer");
    CHECK(
        here.without_folder(got.warnings().at(1)) ==
        "e.yaml:4: scoring.f1_overlap: unknown value \"multset\" (did you mean \"multiset\"?); expected one of set, multiset");
    CHECK_NOTHROW(got.require_valid({"dataset", "binning"}));
    CHECK_THROWS_AS(got.require_valid({"scoring"}), error);
    CHECK_THROWS_AS(got.require_valid({"dataset", "run.concurrency"}), error);
}

TEST_CASE("optional keys: ranges and combinations") {
    lab const here;
    CHECK(here.optional_of("dataset: {max_prompt_tokens: 0}") ==
          "e.yaml:1: dataset.max_prompt_tokens: 0 is too small; expected at least 1");
    CHECK(here.optional_of("engine: {request: {timeout_s: 0}}") ==
          "e.yaml:1: engine.request.timeout_s: 0 is too small; expected more than 0");
    CHECK(here.optional_of("engine: {request: {timeout_s: .inf}}").ends_with("is too large; expected a finite number"));
    CHECK(here.optional_of("analysis: {alpha: 1}") ==
          "e.yaml:1: analysis.alpha: 1 is outside (0, 1); expected a number such as 0.05");
    CHECK(here.optional_of("dataset: {pinned_entry_indices: [1, 2, 1]}") ==
          "e.yaml:1: dataset.pinned_entry_indices[2]: 1 is given twice; expected each row once");
    CHECK(here.optional_of("dataset: {sanity_slices: [{n: 0}]}") ==
          "e.yaml:1: dataset.sanity_slices[0].n: 0 is too small; expected at least 1");
    CHECK(here.optional_of("dataset: {sanity_slices: [{n: 1, min_pct: 1, max_tokens: 3}]}")
              .ends_with("gives percentiles and token counts; expected one of the two"));
    CHECK(
        here.optional_of("sampling: {strategy: focus_transition, focus: {base_n_per_bin: 1, focus_n_per_bin: 2}}") ==
        "e.yaml:1: sampling.focus.focus_bins: missing; expected a value, because sampling.strategy is focus_transition");
    CHECK(here.optional_of("run: {filter_dataset_id: x}") ==
          "e.yaml:1: run.filter_entry_idx: missing; expected both filters or neither");
    CHECK(here.optional_of("run: {runtime_prompt_cap: x}") ==
          "e.yaml:1: run.runtime_prompt_cap: found \"x\"; expected computed, null or a number of tokens");
    CHECK(here.optional_of("engine: {headers: [1]}") == "e.yaml:1: engine.headers: found a list; expected a mapping");
    CHECK(here.optional_of("kv: {policies: snapkv}") ==
          "e.yaml:1: kv.policies: found a string; expected a list of policies that is not empty");
    CHECK(here.optional_of("report: 5") == "e.yaml:1: report: found an integer; expected a mapping");
    CHECK(here.optional_of("dataset: {pinned_entry_indices: [null]}") ==
          "e.yaml:1: dataset.pinned_entry_indices[0]: found null; expected a value");
    CHECK(here.optional_of("prompt: {template: chatty}") ==
          "e.yaml:1: prompt.template: unknown value \"chatty\"; expected qa or raw");
    auto const fine = here.load(
        "run:\n  runtime_prompt_cap: null\n  concurrency: null\nsampling:\nkv: {policies: [h2o, {name: snapkv}]}\n");
    CHECK(fine.optional.empty());
    CHECK(fine.settings.run.runtime_prompt_cap.is_null());
    CHECK(fine.settings.run.concurrency == 1);
}

TEST_CASE("advice: what nothing reads") {
    lab const here;
    auto const got = here.load(
        "datset: {}\nrate_limit: {max_rpm: 3}\nengine: {name: x, rate_limit: {max_rpm: 5}}\nrun: {pacing: {requests_per_minute: fast}}\n_mine: 1\n");
    REQUIRE(got.errors.empty());
    std::vector<std::string> lines;
    for (auto const& line : got.warnings()) lines.push_back(here.without_folder(line));
    CHECK(lines ==
          std::vector<std::string>{
              "e.yaml:1: datset: unknown section, read by nothing (did you mean dataset?)",
              "e.yaml:2: rate_limit: is no section; its max_rpm is read last; expected run.pacing.requests_per_minute",
              "e.yaml:3: engine.name: is read by nothing",
              "e.yaml:4: run.pacing.requests_per_minute: \"fast\" is passed over; expected an integer above 0",
              "e.yaml:2: rate_limit.max_rpm: is passed over, because another pacing key is set"});
}

TEST_CASE("several errors: the first is thrown and the others are counted") {
    lab const here;
    auto const got = here.load("kv: {budgets: [0, 2]}\ndataset: {task: 5}\n");
    CHECK_THROWS_WITH_AS(got.require_valid(),
                         doctest::Contains("dataset.task: found an integer (and 2 more); expected text"), error);
    CHECK_THROWS_AS(got.require_valid({}), error);
}

TEST_CASE("what is printed holds no secret") {
    lab const here;
    auto const got = here.load("engine: {headers: {Authorization: '${SET}', X-Api-Key: k}}\n_note: x\n");
    auto const text = got.printed();
    CHECK(text.find("value") == text.npos);
    CHECK(text.find("_note") == text.npos);
    CHECK(text.find("Authorization: <redacted>") != text.npos);
    CHECK(text.find("X-Api-Key: <redacted>") != text.npos);
    CHECK(got.hash().size() == 24);
}

TEST_CASE("the shipped defaults are the records' own, and every key is documented") {
    auto const path = top() + "/config/default.yaml";
    auto const got = config::load(path, "", {}, config::environment{config::variables{}});
    for (auto const& found : got.errors) FAIL_CHECK(found.line());
    for (auto const& found : got.optional) FAIL_CHECK(found.line());
    for (auto const& found : got.advice) FAIL_CHECK(found.line());
    CHECK(got.unresolved.size() == 1);
    CHECK(dump(to_json(got.settings)) == dump(to_json(config::settings{})));
    std::vector<std::string> keys;
    leaves(type_of<config::settings>(), "", keys);
    for (auto const& key : keys)
        if (key != "rate_limit.max_rpm") {
            CAPTURE(key);
            CHECK(got.origin.contains(key));
        }
}

TEST_CASE("the shipped experiments are sound") {
    for (auto const& file : fs::directory_iterator{top() + "/config/experiments"}) {
        CAPTURE(file.path().string());
        auto const got = config::load(top() + "/config/default.yaml", file.path().string(), {},
                                      config::environment{config::variables{}});
        for (auto const& found : got.errors) FAIL_CHECK(found.line());
        for (auto const& found : got.optional) FAIL_CHECK(found.line());
        for (auto const& found : got.advice) FAIL_CHECK(found.line());
    }
}
