// Bad input: one clear line, exit code 2, nothing half-written; and a later run goes on.
#include "process.hpp"

#include <doctest/doctest.h>

using namespace e2e;

namespace {

/// One line on standard error that holds every word, exit code 2, no run folder.
void refuses(workplace const& place, std::vector<std::string> arguments, std::vector<std::string> words) {
    auto const r = e2e::kvt(place, std::move(arguments));
    INFO("standard error: ", r.err);
    CHECK(r.code == 2);
    CHECK(r.err_lines() == 1);
    for (auto const& word : words) CHECK_MESSAGE(r.err.find(word) != std::string::npos, "no \"", word, "\"");
    CHECK(r.out.empty());
}

std::string with(std::string text, std::string const& from, std::string const& to) {
    auto const at = text.find(from);
    if (at == std::string::npos) throw std::runtime_error{"no " + from};
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("configurations that cannot be read") {
    workplace place;
    refuses(place, {"run", "-c", "none.yaml"}, {"none.yaml"});
    spit(place / "broken.yaml", "dataset:\n  name: [unclosed\n");
    refuses(place, {"run", "-c", "broken.yaml"}, {"broken.yaml", ":"});
    spit(place / "list.yaml", "- a\n- b\n");
    refuses(place, {"run", "-c", "list.yaml"}, {"list.yaml", "mapping"});
}

TEST_CASE("configurations that are wrong") {
    workplace place;
    auto const good = small_experiment("bad");
    spit(place / "c.yaml", with(good, "budgets: [1.0, 0.5, 0.2]", "buget: [1.0]"));
    refuses(place, {"prepare", "-c", "c.yaml"}, {"kv.buget", "budgets", "c.yaml"});
    spit(place / "c.yaml", with(good, "[1.0, 0.5, 0.2]", "[1.0, 1.5]"));
    refuses(place, {"prepare", "-c", "c.yaml"}, {"kv.budgets", "1.5", "c.yaml"});
    spit(place / "c.yaml", with(good, "n_bins: 3", "n_bins: three"));
    refuses(place, {"prepare", "-c", "c.yaml"}, {"binning.n_bins", "integer"});
    spit(place / "c.yaml", with(good, "[snapkv, random]", "[snapkv, randon]"));
    refuses(place, {"prepare", "-c", "c.yaml"}, {"randon", "random"});
    spit(place / "c.yaml", with(good, "model_dir: config/models/recall", "model_dir: nowhere"));
    refuses(place, {"prepare", "-c", "c.yaml"}, {"nowhere"});
    CHECK_FALSE(fs::exists(place / "runs"));
}

TEST_CASE("models that lie") {
    workplace place;
    fs::create_directories(place / "model");
    for (auto const* name : {"config.json", "tokenizer.json"})
        fs::copy(place / "config/models/recall" / name, place / "model");
    auto const weights = slurp(place / "config/models/recall/model.safetensors");
    spit(place / "c.yaml", with(small_experiment("lie"), "config/models/recall", "model"));
    spit(place / "model/model.safetensors", weights.substr(0, weights.size() / 2));
    refuses(place, {"prepare", "-c", "c.yaml"}, {"model.safetensors"});
    spit(place / "model/model.safetensors", std::string(8, '\x7f') + weights.substr(8));
    refuses(place, {"prepare", "-c", "c.yaml"}, {"model.safetensors"});
    CHECK_FALSE(fs::exists(place / "runs"));
}

TEST_CASE("datasets with a broken line, too few rows, or none") {
    workplace place;
    std::string rows;
    for (int i = 0; i < 6; ++i)
        rows += R"({"_id": "r)" + std::to_string(i) + R"(", "input": "q", "context": ")" +
                std::string(static_cast<std::size_t>(i) * 9 + 1, 'w') + R"( x", "answers": ["a"]})" + "\n";
    auto const config =
        with(small_experiment("rows"),
             "{name: recall, task: one_key, source: recall, n_per_bin: 4, recall: {lengths: [96, 128, 256], "
             "n_examples: 4, seed: 3}}",
             "{name: mine, task: qa, source: jsonl, path: rows.jsonl, n_per_bin: 1}");
    spit(place / "c.yaml", config);
    refuses(place, {"prepare", "-c", "c.yaml"}, {"rows.jsonl"});
    spit(place / "rows.jsonl", "");
    refuses(place, {"prepare", "-c", "c.yaml"}, {"rows.jsonl"});
    spit(place / "rows.jsonl", rows + "{\"input\": \n" + rows);
    refuses(place, {"prepare", "-c", "c.yaml"}, {"rows.jsonl:7"});
    CHECK_FALSE(fs::exists(place / "runs"));
    spit(place / "rows.jsonl", rows + "{\"input\": \n");
    auto const kept = e2e::kvt(place, {"prepare", "-c", "c.yaml", "--skip-bad", "-q"});
    CHECK_MESSAGE(kept.code == 0, kept.err);
}

TEST_CASE("a run folder that cannot be written and a database of another experiment") {
    workplace place;
    spit(place / "c.yaml", small_experiment("one"));
    REQUIRE(e2e::kvt(place, {"prepare", "-c", "c.yaml", "-q"}).code == 0);
    spit(place / "d.yaml",
         with(small_experiment("two"), "output:", "db: {path: runs/one/kv_transition.sqlite}\noutput:"));
    refuses(place, {"prepare", "-c", "d.yaml", "-q"}, {"one"});
    spit(place / "e.yaml", with(small_experiment("three"), "output:", "db: {path: c.yaml}\noutput:"));
    refuses(place, {"prepare", "-c", "e.yaml", "-q"}, {"c.yaml", "database"});
    fs::create_directories(place / "runs/four");
    fs::permissions(place / "runs/four", fs::perms::owner_read | fs::perms::owner_exec);
    spit(place / "f.yaml", small_experiment("four"));
    auto const r = e2e::kvt(place, {"prepare", "-c", "f.yaml", "-q"});
    CHECK(r.code == 1);
    CHECK(r.err_lines() == 1);
    CHECK_MESSAGE(r.err.find("runs/four") != std::string::npos, r.err);
}

TEST_CASE("stages whose prerequisites are missing say which and how to get them") {
    workplace place;
    spit(place / "c.yaml", small_experiment("early"));
    refuses(place, {"run", "-c", "c.yaml", "-q"}, {"prepare"});
    REQUIRE(e2e::kvt(place, {"prepare", "-c", "c.yaml", "-q"}).code == 0);
    refuses(place, {"score", "-c", "c.yaml", "-q"}, {"run"});
    refuses(place, {"analyze", "-c", "c.yaml", "-q"}, {"run"});
    REQUIRE(e2e::kvt(place, {"run", "-c", "c.yaml", "-q"}).code == 0);
    refuses(place, {"analyze", "-c", "c.yaml", "-q"}, {"score"});
    refuses(place, {"report", "-c", "c.yaml", "-q"}, {"analyze"});
    refuses(place, {"run", "-c", "c.yaml", "-q"}, {"--resume", "clean"});
}

TEST_CASE("a server that is down: failures are rows, and a later run goes on") {
    workplace place;
    auto const config =
        with(small_experiment("down"), "{type: embedded, api: completions, model_dir: config/models/recall}",
             "{type: openai_compat, api: completions, base_url: 'http://127.0.0.1:9', api_key_env: ''}");
    spit(place / "c.yaml", with(config, "run: {", "run: {require_budget_proof: false, retries: {max_attempts: 1}, "));
    REQUIRE(e2e::kvt(place, {"prepare", "-c", "c.yaml", "-q"}).code == 0);
    auto const r = e2e::kvt(place, {"run", "-c", "c.yaml", "-q"});
    CHECK_MESSAGE(r.code == 0, r.err);
    CHECK(r.err.find("60 of 60 requests failed, 60 of them with ENGINE_ERROR, for instance: network error") != std::string::npos);
    for (auto const* step : {"score", "analyze", "report"}) {
        auto const s = e2e::kvt(place, {step, "-c", "c.yaml", "-q"});
        CHECK_MESSAGE(s.code == 0, std::string{step}, ": ", s.err);
    }
    CHECK(slurp(place / "runs/down/report.md").find("ENGINE_ERROR") != std::string::npos);
}
