// Golden cases of rows, identifiers and prompts (spec D, I).
#include "replay.hpp"

#include <kvt/data/canonical.hpp>
#include <kvt/harness/ids.hpp>
#include <kvt/harness/prompt.hpp>

namespace {

using golden::verdict;
using kvt::json;
using namespace kvt;

json example_json(data::example const& e) { return json::of({{"example", to_json(e)}}); }

// The `reference` side documents the forerunner; kvt's rules are the `kvt` side.
golden::suite const rows{"ids", "rows", [](json const& c, golden::file const& f) {
    json actual;
    try {
        actual = example_json(data::canonical(c.at("in").at("raw"), c.at("in").at("task").text()));
    } catch (data::data_error const& problem) {
        actual = json::of({{"error", name_of(problem.code())}});
    }
    return golden::same(c.at("out").at("kvt"), actual, f);
}};

golden::suite const dataset_ids{"ids", "dataset_ids", [](json const& c, golden::file const& f) {
    auto const& in = c.at("in");
    return golden::same(c.at("out"), json::of({{"dataset_id", harness::dataset_id(in.at("name").text(), in.at("task").text())}}), f);
}};

golden::suite const order_keys{"ids", "order_keys", [](json const& c, golden::file const& f) {
    auto const& in = c.at("in");
    auto const key = data::order_key(in.at("seed").integer(), in.at("example_id").text());
    return golden::same(c.at("out"), json::of({{"order_key", key}}), f);
}};

golden::suite const run_ids{"ids", "run_ids", [](json const& c, golden::file const& f) {
    auto const& in = c.at("in");
    return golden::same(c.at("out").at("kvt_run_id"),
                        harness::run_id(in.at("exp_group_id").text(), in.at("kv_budget").real()), f);
}};

golden::suite const request_ids{"ids", "request_ids", [](json const& c, golden::file const& f) {
    auto const& in = c.at("in");
    auto const id = harness::request_id(in.at("run_id").text(), in.at("entry_idx").integer());
    return golden::same(c.at("out"), json::of({{"kvt_request_id", id}}), f);
}};

golden::suite const prompts{"ids", "prompts", [](json const& c, golden::file const& f) {
    data::example e;
    e.context = c.at("in").at("context").text();
    e.question = c.at("in").at("question").text();
    auto const prompt = harness::render(harness::qa{}, e);
    json messages = json::list({});
    for (auto const& m : prompt.messages) messages.push_back(to_json(m));
    if (auto const version = harness::template_version("qa"); version != f.document.at("kvt_prompt_template_version").text())
        return verdict::fail("template version " + version);
    return golden::same(c.at("out"), json::of({{"messages", messages}, {"kvt_prompt_sha256", harness::prompt_sha256(prompt.messages)}}), f);
}};

}  // namespace
