// `kvt trace predict`, `expose` and `plot`, and packed files.
#include "process.hpp"

#include <doctest/doctest.h>
#include <kvt/core/csv.hpp>
#include <kvt/core/json.hpp>

using namespace e2e;

namespace {

bool said(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

/// Requests, and the phases of an engine that served them.
struct load {
    workplace place;

    load() {
        std::string requests = "request_id,arrival,prompt_tokens,generated_tokens\n";
        for (int i = 0; i < 200; ++i)
            requests += "r" + std::to_string(i) + "," + std::to_string(0.21 * i + 0.001 * (i * i % 97)) + "," +
                        std::to_string(50 + 37 * i * i % 1500) + "," + std::to_string(2 + 11 * i * i % 90) + "\n";
        spit(place / "load.csv", requests);
        REQUIRE(e2e::kvt(place, {"trace", "simulate", "load.csv", "-o", "phases.csv", "-q"}).code == 0);
    }
};

}  // namespace

TEST_CASE("predict replays a load at other speeds and limits") {
    load const l;
    auto const r =
        e2e::kvt(l.place, {"trace", "predict", "load.csv", "--betas", "0.008,4e-5,1.5e-4", "--speed", "1,4",
                           "--chunk-size", "256,512", "--max-running", "0,4", "--slo-ttft", "0.5", "--json"});
    CHECK(r.code == 0);
    auto const found = kvt::parse_json(r.out);
    REQUIRE(found.at("predictions").size() == 8);
    auto const& first = found.at("predictions").items()[0];
    CHECK(first.at("scenario").at("chunk_size").integer() == 256);
    CHECK(first.at("service").at("ttft").at("p50").at("value").real() > 0.01);
    CHECK(first.at("service").at("ttft").at("p50").at("low").is_null());
    CHECK(found.at("goal").at("ttft").real() == 0.5);
    auto const noisy = e2e::kvt(l.place, {"trace", "predict", "load.csv", "--betas", "0.008,4e-5,1.5e-4",
                                          "--noise-sigma", "0.1", "--replicates", "20"});
    CHECK(noisy.code == 0);
    CHECK(said(noisy.out, "Intervals hold the middle 0.95 of 20 replicates with step noise of 10 %."));
    spit(l.place / "betas.csv", "beta0,beta1,beta2\n0.007,4e-5,1.5e-4\n0.009,4e-5,1.5e-4\n");
    auto const two = e2e::kvt(l.place, {"trace", "predict", "load.csv", "--betas", "0.008,4e-5,1.5e-4",
                                        "--beta-replicates", "betas.csv", "--json"});
    auto const tpot = kvt::parse_json(two.out).at("predictions").items()[0].at("service").at("tpot").at("p50");
    CHECK(tpot.at("low").real() < tpot.at("value").real());
    CHECK(tpot.at("high").real() > tpot.at("value").real());
}

TEST_CASE("predict estimates costs from a trace, and says how far off the held-out part is") {
    load const l;
    auto const r = e2e::kvt(l.place, {"trace", "predict", "load.csv", "--from-trace", "phases.csv", "--held-out", "0.3",
                                      "--replicates", "5", "--json"});
    CHECK(r.code == 0);
    auto const found = kvt::parse_json(r.out);
    CHECK(found.at("beta").at("beta0").real() == doctest::Approx(0.008).epsilon(0.05));
    CHECK(found.at("held_out").at("held_out_requests").integer() == 60);
    for (auto const& f : found.at("held_out").at("figures").items()) CHECK(std::abs(f.at("error").real()) < 0.1);
    auto const text = e2e::kvt(l.place, {"trace", "predict", "load.csv", "--from-trace", "phases.csv", "--held-out",
                                         "0.3", "--replicates", "5"});
    CHECK(said(text.out, "Held out: the last 0.3 of the requests (60 of them, 60 found in the trace)"));
    CHECK(said(text.out, "ttft p95"));
}

TEST_CASE("expose writes what each phase met") {
    load const l;
    auto const r = e2e::kvt(l.place, {"trace", "expose", "phases.csv", "--chunk-size", "512"});
    CHECK(r.code == 0);
    auto const rows = kvt::parse_csv(r.out);
    CHECK(rows.size() == 401);
    CHECK(rows[0][6] == "A_pf_tokens");
    auto const file = e2e::kvt(l.place, {"trace", "expose", "phases.csv", "--chunk-size", "512", "-o", "met.csv"});
    CHECK(said(file.err, "wrote met.csv"));
    CHECK(slurp(l.place / "met.csv") == r.out);
}

TEST_CASE("plot draws three pictures") {
    load const l;
    auto const r = e2e::kvt(l.place, {"trace", "plot", "phases.csv", "--chunk-size", "512", "--output", "plots"});
    CHECK(r.code == 0);
    for (std::string const name : {"pressure", "durations", "betas"}) {
        CHECK(slurp(l.place / ("plots/" + name + ".png")).starts_with("\x89PNG"));
        CHECK(said(slurp(l.place / ("plots/" + name + ".svg")), "<svg"));
        CHECK(said(r.out, "wrote plots/" + name + ".svg\n"));
    }
}

TEST_CASE("packed traces and requests are read as they are") {
    load const l;
    auto const plain = e2e::kvt(l.place, {"trace", "estimate", "phases.csv", "--chunk-size", "512"});
    REQUIRE(
        std::system(("gzip -k '" + (l.place / "phases.csv").string() + "' '" + (l.place / "load.csv").string() + "'")
                        .c_str()) == 0);
    CHECK(e2e::kvt(l.place, {"trace", "estimate", "phases.csv.gz", "--chunk-size", "512"}).out == plain.out);
    CHECK(e2e::kvt(l.place, {"trace", "simulate", "load.csv.gz", "-q"}).out == slurp(l.place / "phases.csv"));
    auto const bytes = slurp(l.place / "phases.csv.gz");
    spit(l.place / "half.gz", bytes.substr(0, bytes.size() / 2));
    auto const half = e2e::kvt(l.place, {"trace", "estimate", "half.gz"});
    CHECK(half.code == 2);
    CHECK(half.err_lines() == 1);
    CHECK(said(half.err, "bad_csv: half.gz: damaged gzip data"));
}

TEST_CASE("what cannot be predicted is refused in one line") {
    load const l;
    auto const refused = [&](std::vector<std::string> arguments, std::string const& words) {
        arguments.insert(arguments.begin(), {"trace", "predict", "load.csv"});
        auto const r = e2e::kvt(l.place, arguments);
        INFO("standard error: ", r.err);
        CHECK(r.code == 2);
        CHECK(r.err_lines() == 1);
        CHECK(said(r.err, words));
    };
    refused({}, "--betas b0,b1,b2 or --from-trace");
    refused({"--betas", "1,2"}, "three: b0,b1,b2");
    refused({"--betas", "0.008,4e-5,1.5e-4", "--held-out", "0.3"}, "--from-trace PHASES.csv");
    refused({"--betas", "0.008,4e-5,1.5e-4", "--slo-ttft", "0"}, "bad_option: slo-ttft");
    refused({"--betas", "0.008,4e-5,1.5e-4", "--speed", "0"}, "bad_option: speed");
    refused({"--betas=-1,4e-5,1.5e-4"}, "bad_option: a cost of -1");
    refused({"--betas", "0.008,4e-5,1.5e-4", "--level", "2"}, "bad_option: level");
    refused({"--from-trace", "none.csv"}, "file_not_found: none.csv");
}
