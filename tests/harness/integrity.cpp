#include <doctest/doctest.h>
#include <kvt/harness/integrity.hpp>

using namespace kvt::harness;

namespace {
std::vector<request_check> requests(int answered, int failed) {
    std::vector<request_check> out(static_cast<std::size_t>(answered), {.responded = true, .text = "a", .telemetry = true});
    out.insert(out.end(), static_cast<std::size_t>(failed), {.label = "TIMEOUT", .failed = true});
    return out;
}
}  // namespace

TEST_CASE("bands open above 5 and 10 percent") {
    CHECK(summarise_integrity({}).band == integrity_band::no_requests);
    CHECK(summarise_integrity(requests(4, 0)).band == integrity_band::low);
    CHECK(summarise_integrity(requests(19, 1)).band == integrity_band::low);
    CHECK(summarise_integrity(requests(18, 1)).band == integrity_band::moderate);
    CHECK(summarise_integrity(requests(9, 1)).band == integrity_band::moderate);
    CHECK(summarise_integrity(requests(8, 1)).band == integrity_band::high);
}

TEST_CASE("labels of answers are listed, but fail only where they count") {
    std::vector<request_check> const all{{.responded = true, .text = "cut", .label = "TRUNCATED", .telemetry = true},
                                         {.responded = true, .text = "a", .telemetry = true},
                                         {.label = "", .failed = true}};
    auto const summary = summarise_integrity(all);
    CHECK(summary.failures == 1);
    CHECK(summary.labelled("TRUNCATED") == 1);
    CHECK(summary.labelled("(empty)") == 1);
    CHECK(summary.labelled("REFUSAL") == 0);
    CHECK(summary.missing_telemetry == 1);
    CHECK(summary.labels.at(0).share == "33.3%");
}

TEST_CASE("an output of white space is empty; older reports looked for U+0020 alone") {
    std::vector<request_check> const all{{.responded = true, .text = "\u3000"}, {.responded = true, .text = "  "},
                                         {.responded = true}, {.responded = false}};
    CHECK(summarise_integrity(all).empty_outputs == 3);
    CHECK(summarise_integrity(all, blank_rule::spaces).empty_outputs == 2);
}
