// What a configuration or the command line asks for is what happens.
#include "process.hpp"

#include <kvt/harness/schema.hpp>
#include <kvt/store/sqlite.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using namespace e2e;
namespace h = ::kvt::harness;

namespace {

::kvt::store::sqlite database(workplace const& place, std::string const& group) {
    return ::kvt::store::sqlite{(place / ("runs/" + group + "/kv_transition.sqlite")).string(),
                                ::kvt::store::open_mode::existing};
}
template <class Row>
std::vector<Row> rows(workplace const& place, std::string const& group, ::kvt::store::where const& w = {}) {
    auto db = database(place, group);
    return ::kvt::store::select<Row>(db, w);
}
result good(workplace const& place, std::vector<std::string> arguments) {
    auto r = e2e::kvt(place, std::move(arguments));
    CHECK_MESSAGE(r.code == 0, r.err);
    return r;
}
bool has(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("bins end where they are told to") {
    workplace place;
    spit(place / "c.yaml", small_experiment("fixed"));
    (void)good(place, {"prepare", "-c", "c.yaml", "--override", "binning={type: fixed, n_bins: 2, ends: [100, 300]}"});
    auto const bins = rows<h::bin_row>(place, "fixed");
    REQUIRE(bins.size() == 2);
    CHECK(bins[0].token_max == 100);
    CHECK(bins[1].token_max == 300);
    auto const r = e2e::kvt(place, {"prepare", "-c", "c.yaml", "--override", "binning.type=fixed"});
    CHECK(r.code == 2);
    CHECK(has(r.err, "binning.ends"));
}

TEST_CASE("conversations count their messages when asked to") {
    workplace place;
    spit(place / "c.yaml", small_experiment("bare"));
    spit(place / "d.yaml", small_experiment("chat"));
    (void)good(place, {"prepare", "-c", "c.yaml"});
    (void)good(place, {"prepare", "-c", "d.yaml", "--override", "tokenizer.chat_aware=true", "--override",
                       "tokenizer.chat_overhead_reply=5"});
    auto const bare = rows<h::entry_row>(place, "bare"), chat = rows<h::entry_row>(place, "chat");
    REQUIRE(bare.size() == chat.size());
    CHECK(chat[0].token_len == bare[0].token_len + 4 + 5);  // one message, one reply
    CHECK(rows<h::dataset_row>(place, "chat")[0].token_mode == "word+chat");
}

TEST_CASE("the constructed model answers as its policies keep") {
    workplace place;
    auto const r = good(place, {"all", "-c", "config/experiments/constructed.yaml", "-q", "--override",
                                "dataset.constructed_lookup={lengths: [64, 256], n_examples: 4}", "--override",
                                "binning.n_bins=2"});
    CHECK(has(r.out, "snapkv"));
    for (auto const& run : rows<h::run_row>(place, "constructed")) CHECK(run.budget_level == "proven");
}

TEST_CASE("a second call has nothing to do; what it made is made again when it is gone") {
    workplace place;
    spit(place / "c.yaml", small_experiment("again"));
    CHECK_FALSE(has(good(place, {"all", "-c", "c.yaml"}).err, "up to date"));
    auto const second = good(place, {"all", "-c", "c.yaml"});
    for (auto const* stage : {"score: up to date", "analyze: up to date", "report: up to date"})
        CHECK(has(second.err, stage));
    CHECK_FALSE(has(good(place, {"all", "-c", "c.yaml", "--from", "analyze"}).err, "analyze: up to date"));
    fs::remove(place / "runs/again/report.md");
    (void)good(place, {"report", "-c", "c.yaml"});
    CHECK(fs::exists(place / "runs/again/report.md"));
    CHECK_FALSE(
        has(good(place, {"analyze", "-c", "c.yaml", "--override", "analysis.drop_threshold=0.3"}).err, "up to date"));
}

TEST_CASE("receipts that are gone or belong to another prompt prove nothing") {
    workplace place;
    spit(place / "c.yaml", small_experiment("gone"));
    (void)good(place, {"all", "-c", "c.yaml", "-q"});
    auto const run = std::string{"gone_snapkv_budget_0.5"};
    auto const receipts = [&] {
        auto db = database(place, "gone");
        auto found = ::kvt::store::select<h::receipt_row>(
            db, {{"request_id", ::kvt::store::values_of<h::request_row>("request_id", {{"run_id", run}})}});
        REQUIRE(found.size() == 12);
        std::swap(found[0].request_id, found[1].request_id);  // each still verifies by itself
        ::kvt::store::upsert(db, found[0]);
        ::kvt::store::upsert(db, found[1]);
        return found;
    }();
    auto const swapped = e2e::kvt(place, {"verify", "runs/gone"});
    CHECK(swapped.code == 1);
    CHECK(has(swapped.out, receipts[0].request_id));
    (void)good(place, {"analyze", "-c", "c.yaml", "-q"});
    (void)good(place, {"report", "-c", "c.yaml", "-q"});
    CHECK(rows<h::run_row>(place, "gone", {{"run_id", run}})[0].budget_level == "declared");
    CHECK(has(slurp(place / "runs/gone/report.md"), "UNPROVEN"));
}

TEST_CASE("a manifest that is not the database's is found") {
    workplace place;
    spit(place / "c.yaml", small_experiment("one"));
    (void)good(place, {"prepare", "-c", "c.yaml"});
    spit(place / "d.yaml", small_experiment("two"));
    (void)good(place, {"prepare", "-c", "d.yaml", "--override",
                       "dataset.recall.seed=4"});  // the same dataset id, other prompts
    (void)good(place, {"run", "-c", "c.yaml", "-q"});
    (void)good(place, {"verify", "runs/one"});  // the other group has a manifest of its own
    fs::copy_file(place / "runs/two/manifest.json", place / "runs/one/manifest.json",
                  fs::copy_options::overwrite_existing);
    auto const r = e2e::kvt(place, {"verify", "runs/one"});
    CHECK(r.code == 1);
    CHECK(has(r.out, "manifest"));
}

TEST_CASE("sample shows ten requests, or as many as asked for") {
    workplace place;
    spit(place / "c.yaml", small_experiment("some"));
    (void)good(place, {"all", "-c", "c.yaml", "-q"});
    auto const lines = [](std::string const& text) { return std::count(text.begin(), text.end(), '\n'); };
    CHECK(lines(good(place, {"sample", "-c", "c.yaml"}).out) == 2 + 10);
    CHECK(lines(good(place, {"sample", "-c", "c.yaml", "--n", "3", "--budget", "0.2"}).out) == 2 + 3);
}

TEST_CASE("settings that runs were made under stay, unless all is replaced") {
    workplace place;
    spit(place / "c.yaml", small_experiment("kept"));
    (void)good(place, {"all", "-c", "c.yaml", "-q"});
    std::vector<std::string> const other{"prepare", "-c", "c.yaml", "--override", "decoding.max_tokens=6"};
    auto const r = e2e::kvt(place, other);
    CHECK(r.code == 2);
    CHECK(has(r.err, "decoding.max_tokens 8, this configuration asks for 6"));
    auto forced = other;
    forced.push_back("--force");
    (void)good(place, forced);
    CHECK(rows<h::run_row>(place, "kept").empty());
    CHECK(has(*rows<h::experiment_row>(place, "kept")[0].config_yaml, "max_tokens: 6"));
}

TEST_CASE("a dataset's folder stays while another group uses it") {
    workplace place;
    for (auto const* group : {"left", "right"}) {
        spit(place / "c.yaml", small_experiment(group));
        (void)good(place, {"prepare", "-c", "c.yaml"});
    }
    CHECK(has(good(place, {"clean", "-c", "c.yaml", "--yes", "--purge-dataset"}).err, "stays"));
    CHECK(fs::exists(place / "data/processed/recall__one_key/manifest.json"));
    spit(place / "c.yaml", small_experiment("left"));
    (void)good(place, {"clean", "-c", "c.yaml", "--yes", "--purge-dataset"});
    CHECK_FALSE(fs::exists(place / "data/processed/recall__one_key"));
}

TEST_CASE("run --force asks everything anew") {
    workplace place;
    spit(place / "c.yaml", small_experiment("anew"));
    (void)good(place, {"all", "-c", "c.yaml", "-q"});
    CHECK(e2e::kvt(place, {"run", "-c", "c.yaml"}).code == 2);
    (void)good(place, {"run", "-c", "c.yaml", "-q", "--force"});
    CHECK(rows<h::response_row>(place, "anew").size() == 60);
    CHECK(rows<h::score_row>(place, "anew").empty());
    CHECK(e2e::kvt(place, {"report", "-c", "c.yaml"}).code == 2);  // the old analysis went with the old answers
    CHECK(e2e::kvt(place, {"run", "-c", "c.yaml", "--force", "--resume"}).code == 2);
}

TEST_CASE("a partial analysis does not stand for a whole one") {
    workplace place;
    spit(place / "c.yaml", small_experiment("part"));
    (void)good(place, {"prepare", "-c", "c.yaml"});
    (void)good(place, {"run", "-c", "c.yaml", "-q"});
    (void)good(place, {"analyze", "-c", "c.yaml", "-q", "--allow-partial"});
    auto const r = e2e::kvt(place, {"analyze", "-c", "c.yaml", "-q"});
    CHECK(r.code == 2);
    CHECK(has(r.err, "have no score"));
    CHECK(e2e::kvt(place, {"report", "-c", "c.yaml", "-q"}).code == 2);
    (void)good(place, {"report", "-c", "c.yaml", "-q", "--allow-partial"});
    CHECK(has(slurp(place / "runs/part/report.md"), "PARTIAL RUN"));
}

TEST_CASE("examples that changed under their ids are not asked beside the old ones") {
    workplace place;
    auto const rows = [&](std::string const& answer) {
        std::string text;
        for (int i = 0; i < 6; ++i)
            text += R"({"_id": "r)" + std::to_string(i) + R"(", "input": "q", "context": "c c )" + std::to_string(i) +
                    R"(", "answers": [")" + answer + "\"]}\n";
        spit(place / "rows.jsonl", text);
    };
    spit(place / "c.yaml",
         "dataset: {name: own, task: t, source: jsonl, path: rows.jsonl, n_per_bin: 2}\n"
         "binning: {n_bins: 3}\nmodel: {name: m}\nengine: {type: mock}\nkv: {policy: full, budgets: [1.0]}\n"
         "output: {exp_group_id: own}\n");
    rows("old");
    (void)good(place, {"all", "-c", "c.yaml", "-q"});
    rows("new");
    auto const r = e2e::kvt(place, {"all", "-c", "c.yaml", "-q"});
    CHECK(r.code == 2);
    CHECK(has(r.err, "whose answers changed since"));
    (void)good(place, {"all", "-c", "c.yaml", "-q", "--force"});
}

TEST_CASE("no secret reaches a database or a report, whatever key it stands under") {
    workplace place;
    ::setenv("KVT_TEST_API_KEY", "sk-very-secret", 1);
    spit(place / "c.yaml", small_experiment("quiet"));
    (void)e2e::kvt(place,
                   {"all", "-c", "c.yaml", "-q", "--allow-unproven-budget", "--override", "engine.type=openai_compat",
                    "--override", "engine.base_url=http://127.0.0.1:9", "--override", "run.retries.max_attempts=1",
                    "--override", "engine.headers={X-Lab: '${KVT_TEST_API_KEY}'}", "--override",
                    "engine.request.extra_body={k: '${KVT_TEST_API_KEY}'}"});
    ::unsetenv("KVT_TEST_API_KEY");
    REQUIRE(fs::exists(place / "runs/quiet/kv_transition.sqlite"));
    for (auto const& file : fs::recursive_directory_iterator{place / "runs/quiet"})
        if (file.is_regular_file()) CHECK_MESSAGE(!has(slurp(file.path()), "sk-very-secret"), file.path().string());
    for (auto const* wrong :
         {"engine.api_key_env=sk-very-secret", "engine.base_url=http://me:sk-very-secret@127.0.0.1:9"}) {
        auto const r = e2e::kvt(place, {"prepare", "-c", "c.yaml", "--override", wrong});
        CHECK(r.code == 2);
        CHECK_FALSE(has(r.err, "sk-very-secret"));
    }
}

TEST_CASE("groups are compared policy by policy") {
    workplace place;
    for (auto const* group : {"first", "other"}) {
        spit(place / "c.yaml", small_experiment(group));
        (void)good(place, {"all", "-c", "c.yaml", "-q"});
    }
    auto const r = good(place, {"compare", "runs/first", "runs/other", "--json"});
    CHECK(has(r.out, R"("base": "first_random_budget_0.2",)"));
    fs::permissions(place / "runs/first", fs::perms::owner_read | fs::perms::owner_exec);
    (void)good(place, {"verify", "runs/first"});  // looking needs no right to write
    fs::permissions(place / "runs/first", fs::perms::owner_all);
}
