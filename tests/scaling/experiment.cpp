#include <kvt/scaling/experiment.hpp>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <doctest/doctest.h>

using namespace kvt;

TEST_CASE("ids have four digits or more") {
    CHECK(scaling::experiment_id(0) == "exp_0000");
    CHECK(scaling::experiment_id(12'345) == "exp_12345");
}

TEST_CASE("a sweep comes back from its file, and learning rates only where there are any") {
    scratch_folder const folder;
    std::vector<scaling::experiment> const sweep{{"a", 1e17, 10, 30, 3}, {"b", 2e17, 20, 10, 0.5, 1e-3}};
    auto const path = folder / "deep/sweep.json";
    scaling::write_sweep(path, sweep);
    CHECK(scaling::read_sweep(path) == sweep);
    auto const written = read_json_file(path);
    CHECK(written.items()[0].find("learning_rate") == nullptr);
    CHECK(written.items()[1].at("learning_rate").real() == 1e-3);
}

TEST_CASE("whole numbers may be written as 1e7, and further fields are ignored") {
    auto const sweep = scaling::parse_sweep(parse_json(
        R"([{"experiment_id": "x", "compute_budget": 1, "model_size": 1e7, "num_tokens": 2.0, "colour": "red"}])"));
    REQUIRE(sweep.size() == 1);
    CHECK(sweep[0].model_size == 10'000'000);
    CHECK(sweep[0].num_tokens == 2);
}

TEST_CASE("what is wrong with a sweep names entry and field") {
    auto const said = [](std::string const& text) {
        return refusal([&] { (void)scaling::parse_sweep(parse_json(text), "s.json"); });
    };
    std::string const good = R"({"experiment_id": "x", "compute_budget": 1, "model_size": 1, "num_tokens": 1})";
    CHECK(said("[" + good + "]").empty());
    CHECK(said("{}").starts_with("s.json: bad_sweep: found a mapping"));
    CHECK(said("[" + good + ", 3]").starts_with("s.json[1]: bad_sweep"));
    CHECK(holds(said("[" + good + "," + good + "]"), "s.json[1].experiment_id: bad_sweep: x is there twice"));
    CHECK(holds(said(R"([{"experiment_id": "x", "compute_budget": 1, "model_size": 1}])"), "has no num_tokens"));
    CHECK(said(R"([{"experiment_id": "x", "compute_budget": "1", "model_size": 1, "num_tokens": 1}])")
              .starts_with("s.json[0].compute_budget"));
    CHECK(said(R"([{"experiment_id": "x", "compute_budget": 1, "model_size": 1.5, "num_tokens": 1}])")
              .starts_with("s.json[0].model_size"));
    CHECK(said(R"([{"experiment_id": 7, "compute_budget": 1, "model_size": 1, "num_tokens": 1}])")
              .starts_with("s.json[0].experiment_id"));
}
