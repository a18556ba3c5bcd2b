#include <kvt/config/validate.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using namespace kvt;

namespace {

json sound() {
    return parse_json(R"({"dataset": {"name": "longbench", "task": "trec", "n_per_bin": 5}, "binning": {"n_bins": 5},
        "model": {"name": "m"}, "engine": {"base_url": "http://h", "api_key_env": ""},
        "kv": {"policy": "snapkv", "budgets": [1.0, 0.5]}, "decoding": {"temperature": 0, "max_tokens": 9},
        "output": {"exp_group_id": "g"}, "db": {"path": null}})");
}

/// The sound configuration with another value at `section.key`, or without it where the value is "(none)".
json with(std::string_view section, std::string_view key, std::string_view value) {
    auto config = sound();
    if (value == "(none)") config[section].erase(key);
    else config[section][key] = parse_json(value);
    return config;
}

std::vector<std::string> lines_of(std::vector<config::issue> const& found) {
    std::vector<std::string> out;
    for (auto const& one : found) out.push_back(std::string{name_of(one.code)} + " " + one.line());
    return out;
}

/// The only thing that is wrong with that value.
std::string wrong(std::string_view section, std::string_view key, std::string_view value) {
    auto const found = lines_of(config::validate(with(section, key, value)));
    REQUIRE(found.size() == 1);
    return found.front();
}
std::string wrong_option(std::string_view section, std::string_view key, std::string_view value) {
    auto const config = with(section, key, value);
    CHECK(lines_of(config::validate(config)).empty());
    auto const found = lines_of(config::validate_optional(config));
    REQUIRE(found.size() == 1);
    return found.front();
}

}  // namespace

TEST_CASE("nothing is wrong with a sound configuration") {
    CHECK(config::validate(sound()).empty());
    CHECK(config::validate_optional(sound()).empty());
    CHECK(config::advise(sound()).empty());
}

TEST_CASE("an empty configuration lacks every needed key, in the order of the specification") {
    auto const found = config::validate(json::object{});
    std::vector<std::string> keys;
    for (auto const& one : found) {
        CHECK(one.code == config::issue_code::missing);
        CHECK(one.as_error().kind() == error_kind::missing);
        keys.push_back(one.key);
    }
    CHECK(keys == std::vector<std::string>{"dataset.name", "dataset.task", "dataset.n_per_bin", "binning.n_bins",
                                           "model.name", "engine.base_url", "engine.api_key_env", "kv.policy",
                                           "kv.budgets", "decoding.temperature", "decoding.max_tokens",
                                           "output.exp_group_id", "db.path"});
    CHECK(config::validate_optional(json::object{}).empty());
}

TEST_CASE("each needed key has one error at a time") {
    CHECK(wrong("dataset", "name", "(none)") == "MISSING dataset.name: missing; expected text");
    CHECK(wrong("dataset", "name", "null") == "MISSING dataset.name: missing; expected text");
    CHECK(wrong("dataset", "name", "3") == "TYPE dataset.name: found an integer; expected text");
    CHECK(wrong("dataset", "task", R"(" \t")") == "EMPTY dataset.task: is blank; expected text");
    CHECK(wrong("dataset", "n_per_bin", "0") == "MIN dataset.n_per_bin: 0 is too small; expected at least 1");
    CHECK(wrong("dataset", "n_per_bin", "true") ==
          "TYPE dataset.n_per_bin: found a boolean; expected an integer of at least 1");
    CHECK(wrong("decoding", "max_tokens", "2.0") ==
          "TYPE decoding.max_tokens: found a number; expected an integer of at least 1");
    CHECK(wrong("decoding", "temperature", "-0.5") ==
          "MIN decoding.temperature: -0.5 is no temperature; expected a number of at least 0");
    CHECK(wrong("db", "path", "4") == "TYPE db.path: found an integer; expected null, \"auto\" or a path");
    CHECK(wrong("db", "path", "(none)") == "MISSING db.path: missing; expected null, \"auto\" or a path");
    CHECK(wrong("output", "exp_group_id", R"("a b")") ==
          "VALUE output.exp_group_id: \"a b\" is no group id; expected letters, digits, '.', '_' and '-'");
    CHECK(wrong("output", "exp_group_id", R"("..")").starts_with("VALUE output.exp_group_id"));
    CHECK(config::validate(with("output", "exp_group_id", R"("A.b_c-9")")).empty());
}

TEST_CASE("a key that is blank but may be, and names that stay in the data folder") {
    CHECK(config::validate(with("engine", "api_key_env", R"("")")).empty());
    for (auto const* name : {R"("../x")", R"("a/../b")", R"("/etc")", R"("a/ .. /b")"})
        CHECK(wrong("dataset", "name", name).find("leads out of the data folder") != std::string::npos);
    for (auto const* name : {R"("a..b")", R"("a/b")"}) CHECK(config::validate(with("dataset", "name", name)).empty());
}

TEST_CASE("budgets: a list of different fractions") {
    CHECK(wrong("kv", "budgets", "0.5") == "TYPE kv.budgets: found a number; expected a list of numbers in (0, 1]");
    CHECK(wrong("kv", "budgets", "[]") == "EMPTY kv.budgets: is empty; expected a list of numbers in (0, 1]");
    CHECK(wrong("kv", "budgets", "[1, 0]") ==
          "RANGE kv.budgets[1]: 0 is outside (0, 1]; expected a fraction of the full cache");
    CHECK(wrong("kv", "budgets", "[1.01]").starts_with("RANGE kv.budgets[0]: 1.01"));
    CHECK(wrong("kv", "budgets", R"(["half"])") == "TYPE kv.budgets[0]: found a string; expected a number in (0, 1]");
    CHECK(wrong("kv", "budgets", "[1, 0.5, 1.0]") ==
          "DUPLICATE kv.budgets[2]: 1.0 is given twice; expected each budget once");
    CHECK(config::validate(with("kv", "budgets", "[0, 2, 0.5, 0.5]")).size() == 3);
}

TEST_CASE("unknown keys name the nearest known one, also in another section") {
    CHECK(wrong("kv", "budget", "[1]") == "UNKNOWN kv.budget: unknown key (did you mean kv.budgets?)");
    CHECK(wrong("dataset", "temperature", "0") ==
          "UNKNOWN dataset.temperature: unknown key (did you mean decoding.temperature?)");
    CHECK(wrong("engine", "request", R"({"timeot_s": 3})") ==
          "UNKNOWN engine.request.timeot_s: unknown key (did you mean engine.request.timeout_s?)");
    CHECK(config::validate(with("engine", "name", R"("x")")).empty());  // idle, see advise
}

TEST_CASE("other keys are refused by type, range and combination") {
    CHECK(wrong_option("run", "concurrency", R"("two")") ==
          "TYPE run.concurrency: found a string; expected an integer");
    CHECK(wrong_option("run", "concurrency", "0") == "MIN run.concurrency: 0 is too small; expected at least 1");
    CHECK(wrong_option("run", "concurrency", "4097") ==
          "RANGE run.concurrency: 4097 is too large; expected at most 4096");
    CHECK(wrong_option("engine", "request", R"({"timeout_s": 0})") ==
          "MIN engine.request.timeout_s: 0 is too small; expected more than 0");
    CHECK(wrong_option("analysis", "alpha", "0").starts_with("RANGE analysis.alpha"));
    CHECK(wrong_option("analysis", "drop_threshold", "1.5") ==
          "RANGE analysis.drop_threshold: 1.5 is too large; expected at most 1");
    CHECK(wrong_option("scoring", "truncated_is_failure", "1") ==
          "TYPE scoring.truncated_is_failure: found an integer; expected true or false");
    CHECK(wrong_option("scoring", "f1_overlap", R"("sets")") ==
          "VALUE scoring.f1_overlap: unknown value \"sets\" (did you mean \"set\"?); expected one of set, multiset");
    CHECK(wrong_option("dataset", "pinned_entry_indices", "[1, -1]") ==
          "MIN dataset.pinned_entry_indices[1]: -1 is no row; expected at least 0");
    CHECK(wrong_option("dataset", "sanity_slices", "[{}]") ==
          "MISSING dataset.sanity_slices[0].n: missing; expected how many entries");
    CHECK(wrong_option("sampling", "strategy", R"("none")")
              .starts_with("VALUE sampling.strategy: unknown value \"none\""));
    CHECK(wrong_option("run", "filter_entry_idx", "3").starts_with("MISSING run.filter_dataset_id"));
    CHECK(wrong_option("run", "runtime_prompt_cap", "1.5").starts_with("VALUE run.runtime_prompt_cap: found 1.5"));
    CHECK(wrong_option("engine", "headers", R"({"X": 1})") == "TYPE engine.headers.X: found an integer; expected text");
    CHECK(wrong_option("prompt", "template", R"("chat")") ==
          "VALUE prompt.template: unknown value \"chat\"; expected qa or raw");
    for (auto const* cap : {"null", "100", R"("100")", R"("computed")"})
        CHECK(config::validate_optional(with("run", "runtime_prompt_cap", cap)).empty());
}

TEST_CASE("a focused sample needs to know where to look") {
    auto config = with("sampling", "strategy", R"("focus_transition")");
    CHECK(config::validate_optional(config).size() == 3);
    config["sampling"]["focus"] = parse_json(R"({"focus_bins": [], "base_n_per_bin": 1, "focus_n_per_bin": 2})");
    auto const found = lines_of(config::validate_optional(config));
    CHECK(found == std::vector<std::string>{"EMPTY sampling.focus.focus_bins: is empty; expected the bins to look at"});
    config["sampling"]["focus"]["focus_bins"] = json::list({1});
    CHECK(config::validate_optional(config).empty());
}

TEST_CASE("an issue says where it stands, in one line and as an error") {
    config::issue one{"kv.policy", config::issue_code::type, "found a list", "text", {}};
    CHECK(one.line() == "kv.policy: found a list; expected text");
    one.where = "e.yaml:4";
    CHECK(one.line() == "e.yaml:4: kv.policy: found a list; expected text");
    CHECK(one.as_error().kind() == error_kind::malformed);
    CHECK(one.as_error().what() == one.line());
}
