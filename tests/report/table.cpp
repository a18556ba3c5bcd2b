#include "sample.hpp"

#include <kvt/core/random.hpp>
#include <kvt/report/plain_text.hpp>
#include <kvt/report/table.hpp>

#include <doctest/doctest.h>

#include <deque>
#include <limits>

using namespace kvt::report;
using cells = std::vector<std::string>;

TEST_CASE("columns choose, name and format fields") {
    auto const t = table_of(sample::lines(), sample::columns(), "caption");
    CHECK(t.caption == "caption");
    REQUIRE(t.columns.size() == 10);
    CHECK(t.columns[0].label == "bin");
    CHECK(t.columns[1].label == "policy");
    CHECK(t.columns[1].align == cell_align::left);
    CHECK(t.columns[4].align == cell_align::right);
    CHECK(t.columns[9].face == cell_face::code);
    REQUIRE(t.rows.size() == 4);
    CHECK(t.rows[1] ==
          cells{"1", "snapkv", "0.50", "24", "0.958", "[0.875, 1.000]", "4.2%", "188.2", "1.5 MiB", "0b7719cde5f2"});
    CHECK(t.rows[3] == cells{"3", "random", "0.10", "N/A", "N/A", "N/A", "0.0%", "0.0", "512 B", ""});
}

TEST_CASE("without columns all fields are shown in order") {
    auto const t = table_of(sample::lines());
    REQUIRE(t.columns.size() == kvt::fields_of<sample::bin_line>().size());
    CHECK(t.columns[0].label == "bin idx");
    CHECK(t.rows[0] == cells{"0", "full", "1.000", "{\"low\":1.0,\"high\":1.0}", "1.000", "24", "0.000", "96.500",
                             "98304", "9f2c41aa07d3", "calm", "yes", "64, 128"});
    CHECK(t.rows[2][10] == "wild");
    CHECK(t.rows[2][11] == "no");
    CHECK(t.rows[1][12].empty());
}

TEST_CASE("any range of records will do") {
    std::deque<sample::bin_line> const rows(3);
    CHECK(table_of(rows, {{"bin_idx"}}).rows == std::vector<cells>{{"0"}, {"0"}, {"0"}});
    CHECK(table_of(std::vector<sample::bin_line>{}).rows.empty());
    sample::bin_line const pair[2] = {};
    CHECK(table_of(std::span{pair}, {{"mood"}}).rows.size() == 2);
}

TEST_CASE("zero is written as zero, null and what is not finite as N/A") {
    auto const write = [](double v, cell_format f) {
        return cell_text(kvt::detail::field_type_of<double>::value, &v, f);
    };
    CHECK(write(0, cell_format::score) == "0.000");
    CHECK(write(0, cell_format::percent) == "0.0%");
    CHECK(write(0, cell_format::bytes) == "0 B");
    CHECK(write(0.0005, cell_format::score) == "0.001");  // the double lies above the tie
    CHECK(write(0.0025, cell_format::score) == "0.003");
    CHECK(write(12.345, cell_format::budget) == "12.35");
    CHECK(write(0.125, cell_format::budget) == "0.12");  // an exact tie: to even
    CHECK(write(0.15000000000000002, cell_format::tokens) == "0.2");
    CHECK(write(1023, cell_format::bytes) == "1023 B");
    CHECK(write(1024, cell_format::bytes) == "1.0 KiB");
    CHECK(write(1024 * 1023.97, cell_format::bytes) == "1.0 MiB");
    CHECK(write(5e15, cell_format::bytes) == "4547.5 TiB");
    for (auto f : {cell_format::automatic, cell_format::score, cell_format::percent, cell_format::bytes})
        for (double v : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
            CHECK(write(v, f) == "N/A");
}

TEST_CASE("unknown fields and misfit rows are refused by name") {
    CHECK_THROWS_WITH_AS((void)table_of(sample::lines(), {{"polcy"}}),
                         "table column: no field \"polcy\" (did you mean \"policy\"?)", kvt::error);
    CHECK_THROWS_WITH_AS((void)table_of(sample::lines(), {{"ci.middle"}}), "table column: no field \"middle\"",
                         kvt::error);
    CHECK_THROWS_WITH_AS((void)table_of(sample::lines(), {interval("ci.low", "ci.hig", "x")}),
                         "table column: no field \"hig\" (did you mean \"high\"?)", kvt::error);
    CHECK_THROWS_AS((void)table_of(sample::lines(), {{"policy.x"}}), kvt::error);
    table t{.columns = {{"a"}, {"b"}}};
    CHECK_THROWS_WITH_AS(t.add({"1"}), "table: a row of 1 cells; expected 2 as there are columns", kvt::error);
}

TEST_CASE("printed tables, as printed") {
    auto const t =
        table_of(sample::lines(), {{"policy"}, {"budget", "budget", cell_format::budget}, {"acc_mean", "EM"}}, "demo");
    CHECK(print_table(t) == "demo\n"
                            "policy  budget     EM\n"
                            "------  ------  -----\n"
                            "full      1.00  1.000\n"
                            "snapkv    0.50  0.958\n"
                            "h2o       0.20  0.500\n"
                            "random    0.10    N/A\n");
    CHECK(print_table(table{.columns = {{"alone"}}}) == "alone\n-----\n");
}

TEST_CASE("printed columns line up whatever the words") {
    static constexpr std::string_view words[] = {
        "a", "中文", "é", "e\xCC\x81", "😀", "한", "long words with blanks", "", "\x1b[31m", "\xff", "x\ny"};
    kvt::random_stream stream{5, "tables"};
    for (int repeat = 0; repeat < 200; ++repeat) {
        table t{.columns = {{"first"}, {"中", cell_align::right}, {"third"}, {"number", cell_align::right}}};
        for (auto rows = stream.below(6); rows > 0; --rows) {
            cells row;
            for (int i = 0; i < 3; ++i) {
                std::string text;
                for (auto n = stream.below(4); n > 0; --n) text += words[stream.below(std::size(words))];
                row.push_back(text);
            }
            row.push_back(std::to_string(stream.below(100000)));
            t.add(row);
        }
        auto const text = print_table(t, 12);
        std::size_t width = 0, lines = 0;
        for (std::size_t start = 0; start < text.size(); ++lines) {
            auto const end = text.find('\n', start);
            auto const line = std::string_view{text}.substr(start, end - start);
            if (start == 0) width = display_width(line);
            CHECK(display_width(line) == width);
            CHECK(plain_text(line) == line);
            start = end + 1;
        }
        CHECK(lines == t.rows.size() + 2);
        CHECK(width <= 4 * 12 + 3 * 2);
    }
}
