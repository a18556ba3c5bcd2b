// Golden cases of mock training: losses, resumed sweeps, captured errors.
#include "scaling.hpp"

#include <support/scratch_folder.hpp>

#include <kvt/numeric/mt19937_stream.hpp>
#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/mock_training.hpp>
#include <kvt/scaling/settings.hpp>
#include <kvt/scaling/train.hpp>

namespace {

namespace scaling = kvt::scaling;
using golden::verdict;
using kvt::json;

// Words for what JSON has no number for become null.
json readable(json const& rows) {
    json out = rows;
    for (auto& row : out.items())
        for (auto& [key, value] : row.members())
            if (key == "final_loss" && value.is_text()) value = nullptr;
    return out;
}

scaling::trained train(json const& sweep, std::int64_t seed, scaling::training_files const& files) {
    kvt::run_context context;
    context.progress = kvt::progress_meter{kvt::progress_style::silent};
    return scaling::train{scaling::mock_training{seed}, files}(context, {scaling::parse_sweep(sweep), ""});
}

golden::suite const losses{
    "scaling.mock_training", "cases", [](json const& test_case, golden::file const&) {
        golden::scaling_comparison c;
        auto const seed = test_case.at("seed").integer();
        auto units = kvt::numeric::mt19937_stream::seeded(static_cast<std::uint32_t>(seed));
        for (auto const& u : test_case.at("first_8_unit_doubles").items()) c.near("unit", u, units.unit(), 0);
        auto const& rows = test_case.at("rows").items();
        auto const noise = scaling::mock_training{seed}.noise(rows.size());
        auto const runs = train(test_case.at("rows"), seed, {.folder = ""}).runs;
        c.equal("rows", rows.size(), runs.size());
        for (std::size_t i = 0; i < std::min(rows.size(), runs.size()); ++i) {
            c.equal("experiment_id", rows[i].at("experiment_id"), runs[i].experiment_id);
            c.near("noise", rows[i].at("noise"), noise[i].loss, 1e-12);
            c.near("flops_factor", rows[i].at("flops_factor"), noise[i].flops, 1e-12);
            c.near("deterministic_loss", rows[i].at("deterministic_loss"),
                   scaling::mock_training::loss(rows[i].at("model_size").real(), rows[i].at("num_tokens").real()),
                   1e-13);
            c.near("final_loss", rows[i].at("final_loss"), runs[i].final_loss.value_or(0), 1e-12);
            c.near("actual_flops", rows[i].at("actual_flops"), runs[i].actual_flops, 1e-13);
            c.near("wall_time_seconds", rows[i].at("wall_time_seconds"), runs[i].wall_time_seconds, 1e-13);
            c.equal("status", rows[i].at("status"), kvt::name_of(runs[i].status));
        }
        return c.result();
    }};

void compare_records(golden::scaling_comparison& c, json const& expected,
                     std::vector<scaling::training_run> const& runs) {
    c.equal("records", expected.size(), runs.size());
    for (std::size_t i = 0; i < std::min(expected.size(), runs.size()); ++i) {
        auto const& row = expected.items()[i];
        c.equal("experiment_id", row.at("experiment_id"), runs[i].experiment_id);
        c.equal("status", row.at("status"), kvt::name_of(runs[i].status));
        if (row.at("final_loss").is_null()) c.holds("a loss that is null", !runs[i].final_loss);
        else c.near("final_loss", row.at("final_loss"), runs[i].final_loss.value_or(0), 1e-12);
        c.equal("has a message", runs[i].status == scaling::run_status::failed, runs[i].error_message.has_value());
    }
}

golden::suite const resumed{
    "scaling.trainer_resume", "cases", [](json const& test_case, golden::file const&) {
        golden::scaling_comparison c;
        scratch_folder const folder;
        auto const path = folder.file("results.json", kvt::dump(readable(test_case.at("existing_results"))));
        bool const resume = test_case.at("resume").boolean();
        auto const done =
            train(test_case.at("sweep"), test_case.at("seed").integer(),
                  {folder.path, resume ? scaling::earlier_results::keep : scaling::earlier_results::discard});
        compare_records(c, test_case.at("required"), done.runs);
        compare_records(c, test_case.at("required"), scaling::read_results(path).runs);
        json reruns = json::array{};
        for (auto const& run : done.runs)
            if (run.position) reruns.push_back(run.experiment_id);  // the earlier rows have none
        c.equal("reruns", test_case.at("required_reruns"), reruns);
        return c.result();
    }};

golden::suite const errors{
    "scaling.trainer_errors", "cases", [](json const& test_case, golden::file const&) -> verdict {
        golden::scaling_comparison c;
        auto const id = test_case.at("id").text();
        scratch_folder const folder;
        auto const& required = test_case.at("required");
        if (required.is_object()) {
            auto const done = train(test_case.at("sweep"), test_case.at("seed").integer(), {folder.path});
            compare_records(c, required.at("records"), done.runs);
            auto const written = kvt::read_file(folder / "results.json");
            c.holds("a bare NaN in the file", written.find("NaN") == std::string::npos);
            return c.result();
        }
        auto const got = golden::scaling_refusal<scaling::scaling_error>([&] {
            if (id == "missing_sweep_file") (void)scaling::read_sweep(folder / "none.json");
            else if (id.starts_with("mode_"))
                (void)scaling::trainer_settings{.mode = test_case.at("mode").text()}.checked_mode();
            else (void)train(test_case.at("sweep"), test_case.at("seed").integer(), {folder.path});
        });
        if (id == "mode_local") c.holds("local exists, got " + got, got.empty());
        else if (id.starts_with("mode_")) c.holds("expected a refused mode, got " + got, got.starts_with("mode: "));
        else if (id == "missing_key_model_size")
            c.holds(got, got.starts_with("sweep.json[0]: bad_sweep: has no model_size"));
        else if (id == "string_tokens") c.holds(got, got.starts_with("sweep.json[0].num_tokens: bad_sweep: "));
        else if (id == "missing_sweep_file")
            c.holds(got, got.starts_with(folder / "none.json") && got.find("kvt scaling plan") != got.npos);
        else c.fail("an unknown case");
        c.holds("something was trained", !kvt::file_exists(folder / "results.json"));
        return c.result();
    }};

}  // namespace
