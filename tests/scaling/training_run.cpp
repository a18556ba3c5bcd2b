#include <kvt/scaling/training_run.hpp>

#include <support/refusal.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace kvt;

namespace {

std::string const row = R"({"experiment_id": "x", "compute_budget": 1e17, "model_size": 1, "num_tokens": 2, )"
                        R"("final_loss": 3.5, "status": "completed"})";

}  // namespace

TEST_CASE("a run has the ten keys, and more only where they are known") {
    scaling::training_run run{.experiment_id = "x", .final_loss = 2.5};
    CHECK(scaling::run_json(run).size() == 10);
    run.tokens_trained = 7;
    CHECK(scaling::run_json(run).size() == 11);
    run.final_loss = std::nan("");
    CHECK(scaling::run_json(run).at("final_loss").is_null());
}

TEST_CASE("bare NaN and Infinity of older files are null") {
    auto const read = scaling::parse_results(
        R"([{"experiment_id": "NaN, Infinity", "compute_budget": 1, "model_size": 1, "num_tokens": 2, "final_loss": NaN,
            "wall_time_seconds": -Infinity, "actual_flops": Infinity, "status": "failed", "error_message": "\"NaN"}])");
    REQUIRE(read.runs.size() == 1);
    CHECK(read.runs[0].experiment_id == "NaN, Infinity");
    CHECK_FALSE(read.runs[0].final_loss);
    CHECK(*read.runs[0].error_message == "\"NaN");
    CHECK(read.warnings.empty());
}

TEST_CASE("a list that a crash cut is taken up to its last whole row, wherever it was cut") {
    std::string const whole = "[\n  " + row + ",\n  " + row + "\n]\n";
    auto const first_end = whole.find('}') + 1, second_end = whole.rfind('}') + 1;
    for (std::size_t length = 0; length < whole.size() - 2; ++length) {
        CAPTURE(length);
        auto const read = scaling::parse_results(whole.substr(0, length));
        CHECK(read.runs.size() == (length < first_end ? 0 : length < second_end ? 1 : 2));
        CHECK(read.rows.size() == read.runs.size());
        REQUIRE(read.warnings.size() == 1);
        CHECK(holds(read.warnings[0], "at byte " + std::to_string(length)));
    }
    CHECK(scaling::parse_results(whole).warnings.empty());
}

TEST_CASE("what is no list of runs is refused, with the byte or the field") {
    auto const said = [](std::string const& text) {
        return refusal([&] { (void)scaling::parse_results(text, "r.json"); });
    };
    CHECK(said("[1, oops]").starts_with("r.json: bad_results: not JSON from byte 4"));
    CHECK(said("[] x").starts_with("r.json: bad_results: not JSON from byte 3"));
    CHECK(holds(said("{\"a\": 1}"), "found a mapping"));
    CHECK(said("[1]").starts_with("r.json[0]: bad_results"));
    auto const without = [&](std::string const& from, std::string const& to) {
        auto text = row;
        text.replace(text.find(from), from.size(), to);
        return said("[" + text + "]");
    };
    CHECK(holds(without("\"status\"", "\"state\""), "has no status"));
    CHECK(without("\"completed\"", "\"done\"").starts_with("r.json[0].status"));
    CHECK(without("3.5", "\"3.5\"").starts_with("r.json[0].final_loss"));
    CHECK(without("\"num_tokens\": 2", "\"num_tokens\": 2.5").starts_with("r.json[0].num_tokens"));
    CHECK(holds(said("[" + std::string(5000, '[')), "bad_results"));
}
