#include <kvt/data/jsonl.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

using namespace kvt;
using namespace kvt::data;

namespace {

std::string const skip_text = "{\"a\": 1}\n{broken\n\n{\"a\": 2}\n[1, 2\n\xFF\n{\"a\": 3}\n";

}  // namespace

TEST_CASE("values come in order, blank lines are passed over") {
    scratch_folder const at;
    jsonl_reader reader{at.file("rows.jsonl", "\xEF\xBB\xBF{\"a\": 1}\r\n\n   \t\n[2]\n\"\\u6bb5\"")};
    json row;
    REQUIRE(reader.next(row));
    CHECK(row == json::of({{"a", 1}}));
    CHECK(reader.line_number() == 1);
    REQUIRE(reader.next(row));
    CHECK(row == json::list({2}));
    CHECK(reader.line_number() == 4);
    REQUIRE(reader.next(row));
    CHECK(row == json{"\u6BB5"});
    CHECK_FALSE(reader.next(row));
    CHECK(reader.skipped().count == 0);
}

TEST_CASE("a broken line stops the reading and is named") {
    scratch_folder const at;
    jsonl_reader reader{at.file("rows.jsonl", skip_text)};
    json row;
    REQUIRE(reader.next(row));
    auto const message = refusal([&] { (void)reader.next(row); });
    CHECK(holds(message, "rows.jsonl:2: not JSON"));
}

TEST_CASE("under skip the rest is kept and the broken lines are counted") {
    scratch_folder const at;
    jsonl_reader reader{at.file("rows.jsonl", skip_text), {.on_bad_row = bad_rows::skip}};
    std::int64_t sum = 0;
    for (json row; reader.next(row);) sum += row.at("a").integer();
    CHECK(sum == 6);
    CHECK(reader.skipped().count == 3);
    REQUIRE(reader.skipped().first.size() == 3);
    CHECK(holds(reader.skipped().first[0], ":2:"));
    CHECK(holds(reader.skipped().first[2], ":6:"));
}

TEST_CASE("only the first ten broken lines are kept as text") {
    scratch_folder const at;
    std::string text;
    for (int i = 0; i < 50; ++i) text += "{\n";
    jsonl_reader reader{at.file("rows.jsonl", text), {.on_bad_row = bad_rows::skip}};
    json row;
    CHECK_FALSE(reader.next(row));
    CHECK(reader.skipped().count == 50);
    CHECK(reader.skipped().first.size() == 10);
}

TEST_CASE("hostile lines are refused") {
    scratch_folder const at;
    std::string const deep = std::string(600, '[') + std::string(600, ']');
    for (std::string const& line : {std::string{"{\"a\": \"\xC3\"}"}, std::string{"{\"a\": \"x\0y\"}", 12}, deep,
                                    std::string{"{\"a\": 1} {\"b\": 2}"}, std::string{"{\"a\": \"\\ud800\"}"},
                                    std::string{"{\"a\": 1e999}"}, std::string{"\0", 1}}) {
        INFO(line);
        jsonl_reader reader{at.file("rows.jsonl", line + "\n")};
        json row;
        CHECK_THROWS_AS((void)reader.next(row), error);
    }
}

TEST_CASE("a line longer than allowed is refused or skipped") {
    scratch_folder const at;
    auto const path = at.file("rows.jsonl", "{\"a\": \"" + std::string(5000, 'x') + "\"}\n{\"a\": 1}\n");
    json row;
    jsonl_reader strict{path, {.max_line_bytes = 1000}};
    CHECK(holds(refusal([&] { (void)strict.next(row); }), "rows.jsonl:1: the line is too long"));
    jsonl_reader lenient{path, {.on_bad_row = bad_rows::skip, .max_line_bytes = 1000}};
    REQUIRE(lenient.next(row));
    CHECK(row == json::of({{"a", 1}}));
}
