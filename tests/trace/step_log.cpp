#include <doctest/doctest.h>
#include <kvt/core/csv.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/trace/step_log.hpp>
#include <support/scratch_folder.hpp>

using namespace kvt::trace;

TEST_CASE("steps come back as they were written, with and without what attention saw") {
    std::vector<logged_step> const steps{{.t_start = 1.5,
                                          .t_end = 2.25,
                                          .prefill_tokens = 64,
                                          .decode_tokens = 3,
                                          .prefill_attended = 2080.5,
                                          .decode_attended = 7.0},
                                         {.t_start = 2.25, .t_end = 2.5, .decode_tokens = 1}};
    auto const text = kvt::to_csv<logged_step>(steps);
    CHECK(text == "t_start,t_end,prefill_tokens,decode_tokens,prefill_attended,decode_attended\n"
                  "1.5,2.25,64,3,2080.5,7.0\n2.25,2.5,0,1,,\n");
    auto const back = parse_steps(text);
    REQUIRE(back.size() == 2);
    CHECK(back[0].prefill_attended == 2080.5);
    CHECK_FALSE(back[1].decode_attended);
    CHECK(back[1].seconds() == 0.25);
    scratch_folder folder;
    std::vector<step_record> const plain{{0, 1, 2, 3}};  // what the simulator writes
    kvt::write_file(folder / "s.csv", kvt::to_csv<step_record>(plain));
    CHECK(read_steps(folder / "s.csv").at(0).decode_tokens == 3);
    CHECK(logged(plain[0]).prefill_tokens == 2);
}

TEST_CASE("what is no log of steps is refused with its row") {
    auto const refused = [](std::string const& text, std::string const& words) {
        try {
            (void)parse_steps("t_start,t_end,prefill_tokens,decode_tokens\n" + text, "s.csv");
        } catch (trace_error const& e) {
            CHECK(std::string{e.what()} == words);
            return;
        }
        FAIL(text);
    };
    refused("1,2,3,4\n2,2,1,0\n", "bad_number: s.csv, step 2: from 2.0 to 2.0; expected a step that takes time");
    refused("1,nan,3,4\n", "bad_number: s.csv, step 1: from 1.0 to NaN; expected a step that takes time");
    refused("1,2,-3,4\n", "bad_number: s.csv, step 1: a negative count; expected tokens, at least 0");
    refused("1,2\n", "bad_csv: s.csv:2: 2 cells; expected 4 as in the header");
    CHECK_THROWS_AS((void)parse_steps("a,b\n1,2\n"), trace_error);
    CHECK_THROWS_AS((void)read_steps("/nonexistent/s.csv"), trace_error);
}
