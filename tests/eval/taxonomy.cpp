#include <doctest/doctest.h>
#include <kvt/eval/taxonomy.hpp>

#include <string>

using namespace kvt::eval;
using label = failure_label;

TEST_CASE("errors: status first where it decides, then what the message says") {
    CHECK(classify_error("slow down", 429) == label::rate_limited);
    CHECK(classify_error("Rate limit reached: request timed out", {}) == label::rate_limited);
    CHECK(classify_error("runtime prompt too long: 9000 > 5888", {}) == label::prompt_too_long);
    CHECK(classify_error("read timeout", 500) == label::timeout);
    CHECK(classify_error("maximum context length is 10", 400) == label::context_length_exceeded);
    CHECK(classify_error("malformed reply: no choices", 200) == label::format_error);
    CHECK(classify_error("boom", 500) == label::engine_error);
    CHECK(classify_error("boom", 600) == label::unknown_failure);
    CHECK(classify_error("Connection refused", {}) == label::engine_error);
    CHECK(classify_error({}, {}) == label::unknown_failure);
}

TEST_CASE("responses: blank, cut, filtered, refused, an error text, or fine") {
    CHECK(classify_response({}, "stop") == label::empty_output);
    CHECK(classify_response("\u3000\n\t", "length") == label::empty_output);
    CHECK(classify_response("abc", "length") == label::truncated);
    CHECK(classify_response("fine", "content_filter") == label::refusal);
    CHECK(classify_response("I\u2019M UNABLE TO, I\u2019m afraid", "stop") == label::refusal);
    CHECK(classify_response(" ERROR: x", {}) == label::format_error);
    CHECK(classify_response("fine", "error") == label::unknown_failure);
    CHECK_FALSE(classify_response("\u200b", "stop"));  // a zero-width space is not white space
    CHECK_FALSE(classify_response("Paris", {}));
}

TEST_CASE("the reference's order hides errors behind empty texts") {
    CHECK(classify_compat("", {}, "Request timed out") == label::empty_output);
    CHECK(classify_compat("x", {}, "Request timed out") == label::timeout);
    CHECK(classify_compat("", {}, "HTTP 429") == label::rate_limited);
    CHECK_FALSE(classify_compat("I\u2019m unable to", "stop", {}));
}

TEST_CASE("labels have stable spellings") {
    CHECK(kvt::name_of(label::empty_output) == "EMPTY_OUTPUT");
    CHECK(kvt::name_of(label::unknown_failure) == "UNKNOWN_FAILURE");
    CHECK(kvt::choice_of<label>("PROMPT_TOO_LONG") == label::prompt_too_long);
    CHECK_FALSE(kvt::choice_of<label>("prompt_too_long"));
}

TEST_CASE("any bytes get a label or none, without trouble") {
    for (int byte = 0; byte < 256; ++byte) {
        std::string const text{static_cast<char>(byte), 'i', ' ', '\xe2', '\x80'};
        (void)classify_response(text, "stop");
        (void)classify_error(text, byte);
        (void)retryable_compat(text);
    }
}
