#include <kvt/scaling/train.hpp>

#include <kvt/core/pipeline.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/scaling/mock_training.hpp>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

using namespace kvt;

namespace {

scaling::planned sweep_of(std::size_t n) {
    scaling::planned out;
    for (std::size_t i = 0; i < n; ++i)
        out.sweep.push_back({scaling::experiment_id(i), 6e12, 1000 * static_cast<std::int64_t>(i + 1), 1'000'000});
    return out;
}
struct quiet_context : run_context {
    quiet_context() {
        progress = progress_meter{progress_style::silent};
        clock.utc_now = [] { return std::string{"2000-01-01T00:00:00Z"}; };
    }
};

}  // namespace

TEST_CASE("a sweep stopped anywhere and resumed ends with the same bytes") {
    auto const sweep = sweep_of(7);
    scratch_folder const whole;
    quiet_context context;
    (void)scaling::train{scaling::mock_training{}, {whole.path}}(context, sweep);
    auto const expected = read_file(whole / "results.json");
    for (std::size_t stop = 0; stop < 7; ++stop) {
        CAPTURE(stop);
        scratch_folder const folder;
        {
            quiet_context stopped;
            std::size_t done = 0;
            auto const run = scaling::mock_training{}.start(stopped, sweep.sweep);
            auto const stopping = [&](scaling::experiment const& e,
                                      std::size_t place) -> std::optional<scaling::outcome> {
                if (done++ == stop) return std::nullopt;
                return run(e, place);
            };
            auto const part = scaling::detail::train_sweep(
                stopped, sweep, {folder.path},
                json::of({{"trainer", "mock"}, {"parameters", to_json(scaling::mock_training{})}}), stopping,
                scaling::sweep_progress::by_stage);
            CHECK(part.stopped);
            CHECK(part.completed == stop);
        }
        quiet_context again;
        auto const done = scaling::train{scaling::mock_training{}, {folder.path}}(again, sweep);
        CHECK(done.kept == stop);
        CHECK(read_file(folder / "results.json") == expected);
    }
}

TEST_CASE("a file that a crash cut loses only what was not whole, and is completed to the same bytes") {
    auto const sweep = sweep_of(4);
    scratch_folder const folder;
    quiet_context context;
    scaling::train const stage{scaling::mock_training{}, {folder.path}};
    (void)stage(context, sweep);
    auto const expected = read_file(folder / "results.json");
    for (std::size_t length = 0; length < expected.size(); length += 37) {
        CAPTURE(length);
        write_file(folder / "results.json", expected.substr(0, length));
        auto const done = stage(context, sweep);
        CHECK(done.warnings.size() == 1);
        CHECK(done.completed == 4);
        CHECK(read_file(folder / "results.json") == expected);
    }
}

TEST_CASE("nothing is repeated where all is done, and everything where earlier results are discarded") {
    auto const sweep = sweep_of(3);
    scratch_folder const folder;
    std::size_t trained = 0;
    scaling::function_training const counting{[&](run_context&, scaling::experiment const& e) {
        ++trained;
        return scaling::outcome{.final_loss = static_cast<double>(e.model_size)};
    }};
    quiet_context context;
    (void)scaling::train{counting, {folder.path}}(context, sweep);
    CHECK(trained == 3);
    auto const done = scaling::train{counting, {folder.path}}(context, sweep);
    CHECK(trained == 3);
    CHECK(done.kept == 3);
    (void)scaling::train{counting, {folder.path, scaling::earlier_results::discard}}(context, sweep);
    CHECK(trained == 6);
}

TEST_CASE("what throws or loses beyond all numbers is a failed run, and the sweep goes on") {
    auto const sweep = sweep_of(3);
    scratch_folder const folder;
    scaling::function_training const failing{[](run_context&, scaling::experiment const& e) {
        if (e.model_size == 1000) throw std::runtime_error{"out of luck"};
        return scaling::outcome{.final_loss = e.model_size == 2000 ? std::nan("") : 2.5, .tokens_trained = 9};
    }};
    quiet_context context;
    auto const done = scaling::train{failing, {folder.path}}(context, sweep);
    CHECK(done.completed == 1);
    CHECK(done.failed == 2);
    CHECK(*done.runs[0].error_message == "out of luck");
    CHECK(*done.runs[1].error_message == "the loss is NaN");
    CHECK(*done.runs[2].final_loss == 2.5);
    CHECK(scaling::read_results(folder / "results.json").runs.size() == 3);
    auto const later = scaling::train{failing, {folder.path}}(context, sweep);
    CHECK(later.kept == 1);  // failed runs are tried again
}

TEST_CASE("results made with other settings are not mixed with new ones") {
    auto const sweep = sweep_of(2);
    scratch_folder const folder;
    quiet_context context;
    (void)scaling::train{scaling::mock_training{42}, {folder.path}}(context, sweep);
    auto const before = read_file(folder / "results.json");
    auto const said = refusal([&] { (void)scaling::train{scaling::mock_training{7}, {folder.path}}(context, sweep); });
    CHECK(holds(said, "other_configuration"));
    CHECK(holds(said, "parameters.seed was 42, is 7"));
    CHECK(read_file(folder / "results.json") == before);
    (void)scaling::train{scaling::mock_training{7}, {folder.path, scaling::earlier_results::discard}}(context, sweep);
    CHECK(read_file(folder / "results.json") != before);
}

TEST_CASE("a request to stop ends the sweep between two runs") {
    auto const sweep = sweep_of(5);
    scratch_folder const folder;
    quiet_context context;
    scaling::function_training const asking{[](run_context& c, scaling::experiment const& e) {
        if (e.model_size == 2000) c.request_stop();
        return scaling::outcome{.final_loss = 1};
    }};
    auto const done = scaling::train{asking, {folder.path}}(context, sweep);
    CHECK(done.stopped);
    CHECK(done.completed == 2);
}

TEST_CASE("without a folder nothing is written, and an empty sweep is an empty file") {
    quiet_context context;
    auto const nothing = scaling::train{scaling::mock_training{}, {.folder = ""}}(context, sweep_of(2));
    CHECK(nothing.completed == 2);
    CHECK(context.written().empty());
    scratch_folder const folder;
    (void)scaling::train{scaling::mock_training{}, {folder.path}}(context, scaling::planned{});
    CHECK(read_json_file(folder / "results.json") == json{json::array{}});
}
