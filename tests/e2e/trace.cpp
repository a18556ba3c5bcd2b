// `kvt trace estimate`: the published figures, both estimates of a file, and what is refused.
#include "process.hpp"

#include <doctest/doctest.h>
#include <kvt/core/json.hpp>

using namespace e2e;

namespace {

std::string const rows = "phase_type,request_id,t_end,t_start,decode_tokens,prefill_tokens\n"
                         "prefill,A,2,0,,96\ndecode,A,6,2,4,\nprefill,B,3,1,,64\ndecode,B,5,3,2,\n";

bool said(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the self-check prints the published figures") {
    workplace place;
    auto const r = e2e::kvt(place, {"trace", "estimate", "--self-check"});
    CHECK(r.code == 0);
    CHECK(said(r.out, "  beta1 (sec/token): 0.014338\n  beta2 (sec/token): 0.515229\n"));
    CHECK(said(r.out, "  r2: 0.8517629407351839\n  rmse_seconds: 0.33343334333658375\n"));
    CHECK(said(r.err, "every printed digit is as published"));
}

TEST_CASE("a file's estimates side by side, and as JSON") {
    workplace place;
    spit(place / "four.csv", rows);
    auto const both = e2e::kvt(place, {"trace", "estimate", "four.csv", "--chunk-size", "64"});
    CHECK(both.code == 0);
    CHECK(said(both.out, "Estimated betas (baseline)"));
    CHECK(said(both.out, "Estimated betas (iterative)"));
    CHECK(said(both.out, "Trust iterative"));
    CHECK(said(both.out, "Options: chunk_size 64.0, min_duration_sec 0.0; baseline: correction uniform; iterative: "
                         "prefill_correction beta_informed, init_correction uniform, max_outer_iters 200"));
    auto const r = e2e::kvt(place, {"trace", "estimate", "four.csv", "--preset", "published", "--json"});
    CHECK(r.code == 0);
    auto const found = kvt::parse_json(r.out);
    CHECK(found.at("iterative").at("n_outer_iters").integer() == 7);
    CHECK(found.at("iterative").at("options").at("damping").real() == 1);
    CHECK(found.at("baseline").at("told").at("identifiable").boolean());
    CHECK(found.at("advice").at("use").text() == "iterative");
    auto const one = e2e::kvt(place, {"trace", "estimate", "four.csv", "--algo", "baseline", "--correction", "end"});
    CHECK(said(one.out, "  beta0 (sec/step):  1.007133\n"));
    CHECK_FALSE(said(one.out, "iterative"));
}

TEST_CASE("what is refused is refused in one line") {
    workplace place;
    auto const refused = [&](std::string const& text, std::vector<std::string> options, std::string const& words) {
        spit(place / "bad.csv", text);
        std::vector<std::string> arguments{"trace", "estimate", "bad.csv"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        auto const r = e2e::kvt(place, arguments);
        INFO("standard error: ", r.err);
        CHECK(r.code == 2);
        CHECK(r.err_lines() == 1);
        CHECK(said(r.err, words));
        CHECK(r.out.empty());
    };
    refused(rows + "decode,C,6,x,4,\n", {}, "bad_number: t_start of row 5 (line 6): \"x\"");
    refused(rows + "decoding,C,6,2,4,\n", {}, "bad_phase_type: phase_type of row 5 (line 6)");
    refused("request_id,phase_type\n", {}, "missing_column: t_start, t_end");
    refused(rows + "decode,C\n", {}, "bad_csv: bad.csv:6");
    refused(rows, {"--chunk-size", "0"}, "bad_chunk_size");
    refused(rows, {"--correction", "middle"}, "bad_option: correction \"middle\"");
    refused(rows, {"--damping", "0"}, "bad_option: damping");
    auto const none = e2e::kvt(place, {"trace", "estimate", "none.csv"});
    CHECK(none.code == 2);
    CHECK(said(none.err, "file_not_found: none.csv"));
    CHECK(e2e::kvt(place, {"trace", "estimate"}).code == 2);
}

TEST_CASE("simulate, then estimate what was simulated; recover says how far off") {
    workplace place;
    std::string requests = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
    for (int i = 0; i < 240; ++i)
        requests += "2023-11-16 18:" + std::to_string(10 + i / 60) + ":" + (i % 60 < 10 ? "0" : "") +
                    std::to_string(i % 60) + ".1234567," + std::to_string(50 + 37 * i * i % 3000) + "," +
                    std::to_string(2 + 11 * i * i % 150) + "\n";
    spit(place / "load.csv", requests);
    auto const made = e2e::kvt(place, {"trace", "simulate", "load.csv", "-o", "phases.csv", "--steps", "steps.csv"});
    CHECK(made.code == 0);
    CHECK(made.out.empty());
    CHECK(said(made.err, "wrote phases.csv\n"));
    CHECK(said(made.err, "\"phases\":480,\"dropped_phases\":0"));
    CHECK(slurp(place / "steps.csv").starts_with("t_start,t_end,prefill_tokens,decode_tokens\n"));
    auto const shown = e2e::kvt(place, {"trace", "simulate", "load.csv", "-q"});
    CHECK(shown.out == slurp(place / "phases.csv"));
    auto const r = e2e::kvt(place, {"trace", "estimate", "phases.csv", "--chunk-size", "512", "--json"});
    auto const beta = kvt::parse_json(r.out).at("iterative").at("beta");
    CHECK(beta.at("beta0").real() == doctest::Approx(0.008).epsilon(0.02));
    CHECK(beta.at("beta1").real() == doctest::Approx(4e-5).epsilon(0.02));
    auto const table = e2e::kvt(place, {"trace", "recover", "load.csv", "--speed", "0.5,2"});
    CHECK(table.code == 0);
    CHECK(said(table.out,
               "True costs: 0.008 s a step, 4e-05 s a prefill token, 0.00015 s a decode token; chunk size 512"));
    CHECK(said(table.out, "iterative, robust"));
    auto const found =
        kvt::parse_json(e2e::kvt(place, {"trace", "recover", "load.csv", "--first", "40", "--json"}).out);
    CHECK(found.at("loads").items().at(0).at("phases").integer() == 80);
    CHECK(e2e::kvt(place, {"trace", "simulate", "load.csv", "--chunk-size", "0"}).code == 2);
    CHECK(e2e::kvt(place, {"trace", "recover", "none.csv"}).code == 2);
}
