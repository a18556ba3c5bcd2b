#include "support/refusal.hpp"
#include "support/scratch_folder.hpp"

#include <doctest/doctest.h>
#include <kvt/trace/request.hpp>

using namespace kvt::trace;

namespace {

std::vector<request> azure(std::string const& rows) {
    return parse_requests("TIMESTAMP,ContextTokens,GeneratedTokens\n" + rows, request_columns::azure());
}

}  // namespace

TEST_CASE("requests by seconds, in any column order") {
    auto const r = parse_requests("generated_tokens,request_id,prompt_tokens,x,arrival\n5,a,10,,1.5\n\n0,b,7,,0.25\n");
    REQUIRE(r.size() == 2);
    CHECK(r[0].request_id == "a");
    CHECK(r[0].arrival == 1.5);
    CHECK(r[1].prompt_tokens == 7);
    CHECK(r[1].generated_tokens == 0);
}

TEST_CASE("dates become seconds after the first row, to their last digit") {
    auto const r = azure("2023-11-16 18:17:03.9799600,4808,10\n2023-11-16 18:17:04.0319600,3180,8\n"
                         "2023-11-17T00:00:00Z,1,1\n2023-11-16T19:17:03.9799600+01:00,1,1\n");
    REQUIRE(r.size() == 4);
    CHECK(r[0].arrival == 0);
    CHECK(r[0].request_id == "q0");
    CHECK(r[1].arrival == doctest::Approx(0.052).epsilon(1e-12));
    CHECK(r[2].arrival == doctest::Approx(20576.02004).epsilon(1e-12));
    CHECK(r[3].arrival == 0);
    CHECK(azure("2024-02-28 12:00:00,1,1\n2024-03-01 12:00:00,1,1\n")[1].arrival == 2 * 86400);
    CHECK(azure("2023-12-31 23:59:59.5,1,1\n2024-01-01 00:00:00.25,1,1\n")[1].arrival == 0.75);
}

TEST_CASE("what is no list of requests is refused with its line") {
    auto const refused = [](std::string const& rows) { return refusal([&] { (void)azure(rows); }); };
    CHECK(holds(refused("2023-11-16 18:17:03,1\n"), "bad_csv: CSV:2"));
    CHECK(holds(refused("2023-13-16 18:17:03,1,1\n"), "bad_request: CSV:2, TIMESTAMP"));
    CHECK(holds(refused("2023-02-29 18:17:03,1,1\n"), "bad_request: CSV:2, TIMESTAMP"));
    CHECK(azure("2024-02-29 18:17:03,1,1\n").size() == 1);
    CHECK(holds(refused("2023-11-16 18:17:03.,1,1\n"), "bad_request"));
    CHECK(holds(refused("2023-11-16 18:17:03,1.5,1\n"), "bad_request: CSV:2, ContextTokens: \"1.5\""));
    CHECK(holds(refused("2023-11-16 18:17:03,,1\n"), "a whole number"));
    CHECK(holds(refused("2023-11-16 18:17:03,0,1\n"), "prompt_tokens 0 of row 1"));
    CHECK(holds(refused("2023-11-16 18:17:03,1,1\n17,1,1\n"), "a date and time as in the rows before"));
    CHECK(holds(refused("inf,1,1\n"), "arrival of row 1"));
    CHECK(
        holds(refusal([] { (void)parse_requests("arrival,x\n"); }), "missing_column: prompt_tokens, generated_tokens"));
    CHECK(holds(refusal([] { (void)parse_requests(""); }), "bad_csv"));
    scratch_folder const folder;
    CHECK(holds(refusal([&] { (void)read_requests(folder / "none.csv"); }), "file_not_found"));
    CHECK(read_requests(folder.file("r.csv", "arrival,prompt_tokens,generated_tokens\n1,2,3\n")).size() == 1);
    CHECK(read_requests(folder.file("a.csv", "ContextTokens,TIMESTAMP,GeneratedTokens\n1,2023-11-16 18:17:03,3\n"))
              .size() == 1);
    CHECK(holds(refused("17,1,1\n2023-11-16 18:17:03,1,1\n"), "seconds as in the rows before"));
    CHECK(holds(refused("2023-11-16 18:17:03,1,1\n\n2023-11-16 18:17:04,0,1\n"), "prompt_tokens 0 of row 2 (line 4)"));
}
