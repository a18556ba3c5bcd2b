#include "faults.hpp"

#include <kvt/core/text_file.hpp>
#include <kvt/quant/calibration.hpp>
#include <kvt/quant/time_groups.hpp>

#include <doctest/doctest.h>

#include <support/scratch_folder.hpp>

using namespace kvt::quant;

TEST_CASE("a file of samples gives statistics per timestep, and says what it made up") {
    scratch_folder const here;
    kvt::write_file(here / "c.jsonl", "{\"data\": [1, 2, 3], \"timestep\": 0, \"shape\": [3]}\r\n\n"
                                      "{\"data\": [-1, 4], \"timestep\": 2}\n{\"data\": [100]}\n"
                                      "{\"data\": [], \"timestep\": 1}\n"
                                      "{\"data\": [0.1, 0.1, 0.1], \"timestep\": 3}");
    auto const c = read_calibration(here / "c.jsonl");
    REQUIRE(c.mean.size() == 4);
    CHECK(c.imputed == std::vector<std::int64_t>{1});
    CHECK(c.without_timestep == 1);
    CHECK(c.standard_deviation[3] == 1);  // equal values, though 0.1 is not exact
    CHECK(c.standard_deviation[2] == doctest::Approx(2.5));
    CHECK(c.least == std::vector<double>{1, -1, -1, 0.1});
    auto const ranges = c.ranges(balanced_bounds(4, 2));
    REQUIRE(ranges.size() == 2);
    CHECK(ranges[0].lo == -1);
    CHECK(ranges[0].hi == 3);
    CHECK(ranges[1].hi == 4);
    CHECK(fault_of([&] { (void)c.ranges(std::vector<std::size_t>{0, 5}); }) == "length_mismatch");
    CHECK(fault_of([&] { (void)c.ranges(std::vector<std::size_t>{2, 2}); }) == "invalid_time_range");
}

TEST_CASE("samples that cannot be used are refused, naming file and line") {
    scratch_folder const here;
    auto const says = [&](std::string const& text) {
        kvt::write_file(here / "c.jsonl", text);
        return refusal([&] { (void)read_calibration(here / "c.jsonl"); });
    };
    CHECK(holds(says("{\"data\": [1], \"timestep\": 0}\n{\"data\": 1}\n"), "c.jsonl:2: bad_calibration"));
    CHECK(holds(says("[1, 2]\n"), "bad_calibration"));
    CHECK(holds(says("{\"data\": [1], \"timestep\": -1}\n"), "c.jsonl:1: bad_calibration"));
    CHECK(holds(says("{\"data\": [1], \"timestep\": 4000000000}\n"), "0 to 999999"));
    CHECK(holds(says("{\"data\": [1], \"timestep\": 0.5}\n"), "bad_calibration"));
    CHECK(holds(says("{\"data\": [1e999], \"timestep\": 0}\n"), "c.jsonl:1"));
    CHECK(holds(says("{\"data\": [1]}\n"), "empty_input"));
    CHECK(holds(says(""), "empty_input"));
    CHECK(holds(says("{\"data\": [1], \"timestep\": 0}\n" + std::string((std::size_t{64} << 20) + 2, ' ')),
                "c.jsonl:2: bad_calibration: a line above 64 MiB"));
    CHECK(says("\xEF\xBB\xBF{\"data\": [1], \"timestep\": 0}\n").empty());
    CHECK_THROWS_AS((void)read_calibration(here / "none.jsonl"), kvt::error);
    CHECK(error_of([&] { (void)read_calibration(here.path); })->exit_code() == 2);
    calibrator all;
    CHECK(fault_of([&] { all.add({{NAN}, 0, {}}, "here"); }) == "non_finite_input");
}
