#include <doctest/doctest.h>
#include <kvt/core/csv.hpp>
#include <kvt/core/random.hpp>
#include <kvt/trace/phase.hpp>

#include <charconv>
#include <cmath>
#include <limits>

using namespace kvt::trace;

TEST_CASE("cells are numbers to the nearest double, missing, or neither") {
    for (auto const* missing : {"", "NA", "N/A", "NaN", "nan", "NAN", "null", "None"}) {
        INFO(missing);
        REQUIRE(number_in_cell(missing));
        CHECK(std::isnan(*number_in_cell(missing)));
    }
    constexpr double inf = std::numeric_limits<double>::infinity();
    CHECK(number_in_cell("inf") == inf);
    CHECK(number_in_cell("-Inf") == -inf);
    CHECK(number_in_cell("+INFINITY") == inf);
    CHECK(number_in_cell("1e400") == inf);
    CHECK(number_in_cell("-1e-400") == 0.0);
    CHECK(number_in_cell("0.1") == 0.1);
    CHECK(number_in_cell("+2.5") == 2.5);
    CHECK(number_in_cell("-.5") == -0.5);
    CHECK(number_in_cell("7.") == 7.0);
    CHECK(number_in_cell("1700000000.123456") == 1700000000.123456);
    CHECK(number_in_cell("9007199254740993") == 9007199254740992.0);
    CHECK(number_in_cell("1.7976931348623157e308") == std::numeric_limits<double>::max());
    for (auto const* word : {" 1", "1 ", "one", "-", "+", ".", "1e", "1,5", "0x10", "1.2.3", "--1", "+-1", "-nan", "na"}) {
        INFO(word);
        CHECK_FALSE(number_in_cell(word));
    }
}

TEST_CASE("every shortest spelling reads back, and equals what the standard library reads") {
    kvt::random_stream stream{5, "cells"};
    for (int round = 0; round < 20'000; ++round) {
        double const scale = std::exp2(static_cast<double>(stream.below(80)) - 40);
        double const value = round % 2 == 0 ? stream.unit() * scale : static_cast<double>(stream.below(1'000'000'000)) / 1e4;
        char text[64];
        auto const format = round % 3 == 0 ? std::chars_format::fixed : std::chars_format::general;
        auto const end = std::to_chars(text, text + sizeof text, value, format).ptr;
        REQUIRE(number_in_cell({text, static_cast<std::size_t>(end - text)}) == value);
        auto const cut = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, 5).ptr;
        double standard = 0;
        std::from_chars(text, cut, standard);
        REQUIRE(number_in_cell({text, static_cast<std::size_t>(cut - text)}) == standard);
    }
}

TEST_CASE("phases become a table, and CSV of phases reads back") {
    std::vector<phase> const rows{{"a", phase_kind::prefill, 0.1, 0.25, 96, 0}, {"a,b", phase_kind::decode, 1, 2, 0, 7}};
    CHECK(kvt::to_csv<phase>(rows) == "request_id,phase_type,t_start,t_end,prefill_tokens,decode_tokens\n"
                                      "a,prefill,0.1,0.25,96.0,0.0\n\"a,b\",decode,1.0,2.0,0.0,7.0\n");
    auto const t = table_of(rows);
    REQUIRE(t.size() == 2);
    CHECK(t.tokens == std::vector<double>{96, 7});
    CHECK(t.request_id[1] == "a,b");
    CHECK_FALSE(t.has(column::n_steps));
}
