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
