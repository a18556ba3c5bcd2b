#include "small_job.hpp"

#include <kvt/scaling/decoder_job.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

using namespace kvt;
using namespace kvt::scaling;

TEST_CASE("every shipped job is read, and overrides are laid over it") {
    for (auto const* name : {"recall", "recall-xs", "recall-m", "recall-l"}) {
        CAPTURE(name);
        auto const path = std::string{"config/train/"} + name + ".yaml";
        auto const job = load_decoder_job(path);
        CHECK(job.stages.back().length == 2048);
        CHECK(job.model.naming == parameter_naming::llama);
        std::vector<std::string> const over{"schedule.steps=77", "data.seed=5"};
        auto const other = load_decoder_job(path, over);
        CHECK(other.schedule.steps == 77);
        CHECK(other.data.at("seed").integer() == 5);
        CHECK(to_json(from_json<decoder_job>(to_json(job))) == to_json(job));
    }
}

TEST_CASE("the family spans 0.1 to 3 million parameters") {
    std::vector<std::int64_t> sizes;
    for (auto const* name : {"recall-xs", "recall", "recall-m", "recall-l"})
        sizes.push_back(counts_of(load_decoder_job(std::string{"config/train/"} + name + ".yaml").model).total);
    CHECK(sizes[0] < 160'000);
    CHECK(sizes[1] == 623'488);
    CHECK(sizes[2] > 1'000'000);
    CHECK(sizes[3] > 2'500'000);
    CHECK(sizes[3] < 3'500'000);
}

TEST_CASE("what is wrong is named") {
    scratch_folder const folder;
    auto const says = [&](std::string const& yaml) {
        auto const path = folder.file("job.yaml", yaml);
        return refusal([&] { (void)load_decoder_job(path); });
    };
    CHECK(holds(says("stages: []\n"), "stages"));
    CHECK(holds(says("stage: []\n"), "stages"));
    CHECK(holds(says("- 1\n"), "a mapping"));
    CHECK(holds(says("stages: [{length: 1}]\n"), "stages[0].length"));
    CHECK(holds(says("stages: [{length: 8}, {length: 9}]\n"), "stages[0]"));
    CHECK(holds(says("stages: [{length: 8, until_accuracy: 2}]\n"), "until_accuracy"));
    CHECK(holds(says("stages: [{length: 8}]\nmodel: {head_dim: 3}\n"), "head_dim"));
    CHECK(holds(says("stages: [{length: 8}]\nmodel: {naming: bert}\n"), "naming"));
    CHECK(holds(says("stages: [{length: 8}]\nmax_grad_norm: 0\n"), "max_grad_norm"));
    CHECK(holds(says("stages: [{length: 8}]\ncheckpoint_every: 0\n"), "checkpoint_every"));
    CHECK(holds(says("stages: [{length: 8}]\nschedule: {steps: many}\n"), "steps"));
    CHECK(holds(says("stages: [{length: 8}]\ndata: {source: generated}\nquestions: {lengths: [64]}\n"),
                "questions.lengths"));
    CHECK(holds(says("stages: [{length: 8}]\nmodel: {scaling: {rule: unit}}\n"), "model.scaling.rule"));
    CHECK(holds(says("stages: [{length: 8}]\nmodel: {scaling: {rule: unit}}\nstart: {rule: u-mup-full}\n"),
                "rates.rule"));
    CHECK(holds(says("stages: [{length: 8}]\nmodel: {scaling: {rule: unit}, naming: llama}\n"
                     "start: {rule: u-mup-full}\nrates: {rule: u-mup-full}\n"),
                "model.naming"));
    CHECK(holds(says("stages: [{length: 8}]\nlog_every: 0\n"), "log_every"));
    CHECK(holds(says("stages: [{length: 8}]\nevaluate_every: -1\n"), "evaluate_every"));
    CHECK(holds(refusal([] { (void)load_decoder_job("/nowhere.yaml"); }), "/nowhere.yaml"));
}
