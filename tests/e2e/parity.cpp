// The same experiment through `kvt serve` and over HTTP gives the same answers, scores and receipts.
#include "process.hpp"

#include <kvt/harness/schema.hpp>
#include <kvt/store/sqlite.hpp>

#include <doctest/doctest.h>

#include <map>

using namespace e2e;
using namespace kvt;

namespace {

/// Answer, scores and receipt of every request, by (policy, budget, entry).
std::map<std::string, std::string> results(std::string const& database) {
    std::map<std::string, std::string> out;
    store::sqlite db{database, store::open_mode::existing};
    for (auto const& run : store::select<harness::run_row>(db))
        for (auto const& r : store::select<harness::request_row>(db, {{"run_id", run.run_id}})) {
            store::where const key{{"request_id", r.request_id}};
            auto const answer = store::first<harness::response_row>(db, key);
            auto const score = store::first<harness::score_row>(db, key);
            auto const receipt = store::first<harness::receipt_row>(db, key);
            REQUIRE(answer);
            REQUIRE(score);
            REQUIRE(receipt);
            out[*run.kv_policy + "|" + std::to_string(*run.kv_budget) + "|" + std::to_string(r.entry_idx)] =
                answer->text.value_or("(null)") + "\n" + answer->finish_reason.value_or("") + "\n" + std::to_string(score->em) + " " +
                std::to_string(score->f1) + "\n" + receipt->receipt_json;
        }
    return out;
}

std::string over_http(std::string text, std::string const& port) {
    std::string const engine = "{type: embedded, api: completions, model_dir: config/models/recall}";
    auto const at = text.find(engine);
    REQUIRE(at != std::string::npos);
    return text.replace(at, engine.size(),
                        "{type: openai_compat, api: completions, base_url: 'http://127.0.0.1:" + port + "', api_key_env: ''}");
}

}  // namespace

TEST_CASE("embedded and served runs agree in answers, scores and receipts") {
    workplace place;
    spit(place / "embedded.yaml", small_experiment("embedded"));
    auto const direct = e2e::kvt(place, {"all", "-c", "embedded.yaml", "-q"});
    REQUIRE_MESSAGE(direct.code == 0, direct.err);

    process server{place, {"serve", "--port", "0", "--model-dir", "config/models/recall"}};
    std::string port;
    REQUIRE_MESSAGE(eventually([&] {
                        auto const said = server.out_so_far() + server.err_so_far();
                        auto const at = said.find("http://127.0.0.1:");
                        if (at == std::string::npos) return false;
                        auto const first = at + std::string{"http://127.0.0.1:"}.size();
                        auto const end = said.find_first_not_of("0123456789", first);
                        if (end == std::string::npos) return false;
                        port = said.substr(first, end - first);
                        return true;
                    }),
                    server.out_so_far(), server.err_so_far());
    spit(place / "served.yaml", over_http(small_experiment("served"), port));
    auto const remote = e2e::kvt(place, {"all", "-c", "served.yaml", "-q"});
    REQUIRE_MESSAGE(remote.code == 0, remote.err);

    auto const a = results((place / "runs/embedded/kv_transition.sqlite").string());
    auto const b = results((place / "runs/served/kv_transition.sqlite").string());
    REQUIRE(a.size() == 12 * 5);
    REQUIRE(b.size() == a.size());
    for (auto const& [key, value] : a) CHECK_MESSAGE(b.at(key) == value, key);
    CHECK(e2e::kvt(place, {"verify", "runs/served"}).code == 0);
    server.kill(SIGTERM);
    CHECK(server.wait().code == 0);
}
