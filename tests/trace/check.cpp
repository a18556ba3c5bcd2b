#include "support/refusal.hpp"
#include "trace/traces.hpp"

#include <doctest/doctest.h>
#include <kvt/trace/iterative.hpp>
#include <kvt/trace/read.hpp>

#include <limits>

using namespace kvt::trace;

namespace {

std::string const header = "request_id,phase_type,t_start,t_end,prefill_tokens,decode_tokens\n";

phases checked(std::string const& rows, prompt_use prompts = prompt_use::needed, step_rule rule = {.chunk_size = 64}) {
    return check_trace(parse_trace(rows), rule, prompts);
}
std::string refused(std::string const& rows, prompt_use prompts = prompt_use::needed) {
    return refusal([&] { (void)checked(rows, prompts); });
}

}  // namespace

TEST_CASE("steps are counted by chunks, or given") {
    auto const p = checked(header + "a,prefill,0,2,96.5,\na,decode,2,3,,7\nb,prefill,0,1,0,\nc,prefill,0,1,128,\n");
    CHECK(p.steps == std::vector<double>{2, 7, 0, 2});
    CHECK(p.duration == std::vector<double>{2, 1, 1, 1});
    CHECK(p.density(1) == 7);
    auto const given = checked("request_id,phase_type,t_start,t_end,prefill_tokens,N_steps\n"
                               "a,prefill,0,2,96,2.0000005\na,decode,2,3,text,7\n");
    CHECK(given.steps == std::vector<double>{2.0000005, 7});
}

TEST_CASE("short phases count as long as the clamp") {
    auto const p = checked(header + "a,prefill,0,0.25,64,\na,decode,1,3,,7\n", prompt_use::needed,
                           {.chunk_size = 64, .min_duration_sec = 0.5});
    CHECK(p.duration == std::vector<double>{0.5, 2});
    CHECK(checked(header + "a,decode,0,0.25,,3\n", prompt_use::needed, {64, -1}).duration[0] == 0.25);
}

TEST_CASE("refusals name the kind, the row and the line") {
    CHECK(holds(refused(header + "a,prefill,0,2,96,0\n\na,decode,x,3,0,1\n"),
                "bad_number: t_start of row 2 (line 4): \"x\""));
    CHECK(holds(refused(header + "a,prefill,0,2,96,0\na,decoding,2,3,0,1\n"),
                "bad_phase_type: phase_type of row 2 (line 3): \"decoding\""));
    CHECK(holds(refused("request_id,t_start\n"), "missing_column: phase_type, t_end"));
    CHECK(holds(refused(header + "a,decode,2,2,0,1\n"), "non_positive_duration: row 1"));
    CHECK(holds(refused(header + "a,prefill,0,1,64,\nb,prefill,0,1,64,\na,prefill,4,5,64,\n"),
                "duplicate_prefill: request \"a\" again in row 3"));
    CHECK(error_of<trace_error>([&] { (void)refused("x"); }) == std::nullopt);
    auto const e = error_of<trace_error>([] { (void)checked(header); });
    REQUIRE(e);
    CHECK(e->code() == fault::empty_trace);
    CHECK(e->exit_code() == 2);
}

TEST_CASE("a column is needed only where somebody looks at it") {
    std::string const given = "request_id,phase_type,t_start,t_end,N_steps\n";
    CHECK(refused(given + "a,prefill,0,1,2\n", prompt_use::unused).empty());
    CHECK(refused(given + "a,decode,0,1,2\n", prompt_use::needed).empty());
    CHECK(holds(refused(given + "a,prefill,0,1,2\n", prompt_use::needed), "missing_column: prefill_tokens"));
    std::string const text = "request_id,phase_type,t_start,t_end,prefill_tokens,N_steps\na,prefill,0,1,many,2\n";
    CHECK(refused(text, prompt_use::unused).empty());
    CHECK(holds(refused(text, prompt_use::needed), "bad_number: prefill_tokens of row 1"));
    std::string const bare = "request_id,phase_type,t_start,t_end,prefill_tokens\n";
    CHECK(holds(refused(bare + "a,prefill,0,1,64\n"), "missing_column: decode_tokens"));
}

TEST_CASE("ids are compared as text, and blank ones belong to nobody") {
    CHECK(refused(header + "1,prefill,0,1,64,\n01,prefill,0,1,64,\n1.0,prefill,0,1,64,\n").empty());
    CHECK(refused(header + ",prefill,0,1,64,\n,prefill,0,1,64,\n").empty());
}

TEST_CASE("what is not finite is refused where it is found") {
    CHECK(holds(refused(header + "a,decode,0,,0,1\n"), "non_finite: t_end of row 1"));
    CHECK(holds(refused(header + "a,decode,0,inf,0,1\n"), "non_finite: t_end of row 1"));
    CHECK(holds(refused(header + "a,decode,,1,0,1\n"), "non_finite: t_start of row 1"));
    CHECK(holds(refused(header + "a,decode,0,1,0,\n"), "non_finite: step count of row 1"));
    CHECK(holds(refused(header + "a,decode,0,1e-320,0,9\n"), "non_finite: step density of row 1"));
    CHECK(holds(refused(header + "a,decode,inf,inf,0,9\n"), "non_positive_duration: row 1"));
}

TEST_CASE("wrong options are refused before any row is looked at") {
    CHECK(holds(refusal([] { (void)check{{.chunk_size = 0}}; }), "bad_chunk_size"));
    CHECK(holds(refusal([] { (void)check{{.chunk_size = std::numeric_limits<double>::infinity()}}; }), "bad_chunk_size"));
    CHECK(holds(refusal([] { (void)check{{64, std::numeric_limits<double>::quiet_NaN()}}; }), "bad_option"));
    CHECK(holds(refusal([] { (void)check{{64}, baseline{chunk_correction::beta_informed}}; }), "bad_option"));
    CHECK(holds(refusal([] { (void)check{{64}, iterative{.damping = 0}}; }), "bad_option"));
    CHECK(check{{64}, baseline{chunk_correction::none}}.prompts == prompt_use::unused);
    CHECK(check{{64}, baseline{chunk_correction::none}, iterative{}}.prompts == prompt_use::needed);
    CHECK(holds(refusal([] { (void)correction_named("middle"); }), "bad_option: correction \"middle\""));
}
