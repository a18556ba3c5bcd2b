#include <doctest/doctest.h>

#include <kvt/core/error.hpp>
#include <kvt/engine/step_options.hpp>

using kvt::engine::batching;
using kvt::engine::step_options;

TEST_CASE("options that make no sense are refused") {
    CHECK_NOTHROW(step_options{}.check());
    CHECK_NOTHROW((step_options{.batching = batching::joined, .phase_log = "p.csv", .step_log = "s.csv"}.check()));
    CHECK_THROWS_WITH((step_options{.phase_log = "p.csv"}.check()),
                      "phase_log: requests that run alone share no steps; expected batching `joined`");
    CHECK_THROWS_WITH((step_options{.batching = batching::joined, .phase_log = "a", .step_log = "a"}.check()),
                      "step_log: the same file as phase_log; expected two files");
    CHECK_THROWS_WITH((step_options{.chunk_size = 0}.check()), "bad_option: chunk_size 0; expected at least 1");
    CHECK_THROWS_WITH((step_options{.threads = -1}.check()), "threads: -1; expected at least 0");
}
