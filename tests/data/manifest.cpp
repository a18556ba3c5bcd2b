#include <kvt/core/hash.hpp>
#include <kvt/data/manifest.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

using namespace kvt;
using namespace kvt::data;

namespace {

manifest made(sampling const& how = {.n_per_bin = 1}) {
    std::vector<example> examples;
    std::vector<std::int64_t> lengths;
    for (int i = 0; i < 6; ++i) {
        examples.push_back(
            {"e" + std::to_string(i), "q", "\u6BB5\u843D " + std::to_string(i), {"a"}, json::of({{"task", "t"}})});
        lengths.push_back(10 + i);
    }
    auto m = build_manifest("name", "t", examples, lengths, {"model", "approx_v1"}, quantile_bins{3}, how);
    m.prompt_template_version = "fe1eb82204bc";
    return m;
}

// The message of reading a manifest after a change to its document.
template <class F> std::string changed(F change) {
    auto document = manifest_json(made());
    change(document);
    return refusal([&] { (void)manifest_from_json(document, "m.json"); });
}

}  // namespace

TEST_CASE("the file has the keys of the format, in order") {
    auto const document = manifest_json(made());
    std::vector<std::string> keys;
    for (auto const& [key, value] : document.members()) keys.push_back(key);
    CHECK(keys == std::vector<std::string>{"dataset_id", "dataset_name", "task", "tokenizer_name", "n_bins",
                                           "n_per_bin", "n_examples", "bin_edges", "entries", "examples",
                                           "schema_version", "token_mode", "prompt_template_version", "selection",
                                           "manifest_hash"});
    auto const focused = manifest_json(made({.focus = focus{.focus_bins = {0}}}));
    CHECK(focused.members().at(10).first == "per_bin_n");
    CHECK(focused.at("selection").at("rule").text() == "focus_transition");
}

TEST_CASE("a manifest is written and read back") {
    scratch_folder const at;
    auto const m = made({.n_per_bin = 2, .seed = 3});
    write_manifest(at / "deep/manifest.json", m);
    auto const text = read_file(at / "deep/manifest.json");
    CHECK(text.starts_with("{\n  \"dataset_id\": \"name__t\",\n"));
    CHECK(holds(text, "\u6BB5\u843D"));  // not escaped
    auto const back = read_manifest(at / "deep/manifest.json");
    CHECK(manifest_json(back) == manifest_json(m));
    CHECK(back.examples.at(1).context == m.examples.at(1).context);
    CHECK(back.examples.at(1).example_id == m.entries.at(1).example_id);
}

TEST_CASE("the hash covers what was asked and by whose count, and nothing else") {
    auto const m = made();
    CHECK(m.manifest_hash.size() == 64);
    auto other = m;
    other.prompt_template_version = "x";
    other.examples[0].question = "other";
    CHECK(hash_of(other) == m.manifest_hash);
    other = m, other.tokenizer.mode = "approx_v2";
    CHECK(hash_of(other) != m.manifest_hash);
    other = m, other.entries[0].token_len += 1;
    CHECK(hash_of(other) != m.manifest_hash);
    CHECK(
        m.manifest_hash ==
        sha256_hex(R"({"bin_edges":[{"bin_idx":0,"token_max":11,"token_min":10},)"
                   R"({"bin_idx":1,"token_max":13,"token_min":12},{"bin_idx":2,"token_max":15,"token_min":14}],)"
                   R"("dataset_id":"name__t","entries":[{"bin_idx":0,"example_id":"e0","token_len":10},)"
                   R"({"bin_idx":1,"example_id":"e2","token_len":12},{"bin_idx":2,"example_id":"e4","token_len":14}],)"
                   R"("token_mode":"approx_v1","tokenizer_name":"model"})"));
}

TEST_CASE("a manifest that disagrees with itself is refused by name") {
    CHECK(changed([](json&) {}).empty());
    CHECK(holds(changed([](json& d) { d.erase("entries"); }), "m.json.entries: missing"));
    CHECK(holds(changed([](json& d) { d["entries"] = 3; }), "m.json.entries: found an integer"));
    CHECK(holds(changed([](json& d) { d["schema_version"] = 2; }), "m.json.schema_version: 2; expected 1"));
    CHECK(holds(changed([](json& d) { d["n_bins"] = 4; }), "m.json.n_bins"));
    CHECK(holds(changed([](json& d) { d["n_examples"] = 4; }), "m.json.n_examples"));
    CHECK(holds(changed([](json& d) { d["bin_edges"].items()[0]["bin_idx"] = 2; }), "m.json.bin_edges"));
    CHECK(holds(changed([](json& d) { d["entries"].items()[0]["bin_idx"] = 3; }), "bin 3 does not exist"));
    CHECK(holds(changed([](json& d) { d["entries"].items()[1]["example_id"] = "e0"; }),
                "\"e0\" occurs twice or is missing"));
    CHECK(holds(changed([](json& d) { d["entries"].items()[1]["token_length"] = 1; }), "token_length: unknown key"));
    CHECK(holds(changed([](json& d) { d["examples"]["more"] = json::object{}; }), "1 examples belong to no entry"));
    CHECK(holds(changed([](json& d) { d["entries"].items()[0]["token_len"] = 11; }), "m.json.manifest_hash"));
    CHECK(holds(changed([](json& d) { d["tokenizer_name"] = "other"; }), "m.json.manifest_hash"));
    CHECK_FALSE(refusal([] { (void)manifest_from_json(json::list({}), "m.json"); }).empty());
}

TEST_CASE("data set ids are trimmed and never blank") {
    CHECK(dataset_id(" longbench ", "trec\n") == "longbench__trec");
    CHECK(holds(refusal([] { (void)dataset_id("  ", "t"); }), "dataset.name: is blank"));
    CHECK(holds(refusal([] { (void)dataset_id("n", "\u3000"); }), "dataset.task: is blank"));
}

TEST_CASE("what the selector should know") {
    std::vector<example> const chinese{{"id", "\u54EA", "\u6BB5\u843D", {"a"}, {}}};
    CHECK(cautions(chinese, {"m", "approx_v2"}, {.seed = 1}).empty());
    CHECK(cautions(chinese, {"m", "approx_v1"}, {.seed = 1}).size() == 1);
    CHECK(cautions(chinese, {"m", "approx_v1+chat"}, {}).size() == 2);
    CHECK(cautions(chinese, {"m", "approx_v2"}, {.pinned_entry_indices = {0}}).empty());
}
