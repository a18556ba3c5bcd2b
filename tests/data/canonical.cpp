#include <kvt/data/canonical.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

using namespace kvt;
using namespace kvt::data;

namespace {

json row(std::string_view text) { return parse_json(text); }

std::optional<fault> fault_of(std::string_view text) {
    auto const e = error_of<data_error>([&] { (void)canonical(row(text), "t"); });
    return e ? std::optional{e->code()} : std::nullopt;
}

}  // namespace

TEST_CASE("rows in published forms") {
    auto const e =
        canonical(row(R"({"input": " Q ", "context": "\tC", "answers": ["A", null, " "], "length": 7, "_id": 5,
                                    "meta": {"src": "x", "task": "other"}, "all_classes": null})"),
                  "trec");
    CHECK(e.example_id == "5");
    CHECK(e.question == "Q");
    CHECK(e.context == "C");
    CHECK(e.answers == std::vector<std::string>{"A"});
    CHECK(e.meta.at("task").text() == "trec");
    CHECK(e.meta.at("src").text() == "x");
    CHECK(e.meta.at("length").integer() == 7);
    CHECK(e.meta.at("all_classes").is_null());
    CHECK(e.meta.at("source_keys").size() == 7);
}

TEST_CASE("numbers become their shortest text") {
    auto const e = canonical(row(R"({"question": 2, "answers": [1, 2.5, 1e20, -0.1], "id": 1.0})"), "t");
    CHECK(e.question == "2");
    CHECK(e.answers == std::vector<std::string>{"1", "2.5", "1e+20", "-0.1"});
    CHECK(e.example_id == "1.0");
    CHECK(canonical(row(R"({"question": "", "answers": "a", "id": 18446744073709551615})"), "t").example_id ==
          "18446744073709551615");
}

TEST_CASE("every mistake has its code") {
    CHECK(fault_of("[1]") == fault::not_object);
    CHECK(fault_of(R"({"answers": ["a"]})") == fault::missing_question);
    CHECK(fault_of(R"({"input": null, "answers": ["a"]})") == fault::missing_question);
    CHECK(fault_of(R"({"input": "q"})") == fault::missing_answers);
    CHECK(fault_of(R"({"input": "q", "answers": []})") == fault::empty_answers);
    CHECK(fault_of(R"({"input": true, "answers": ["a"]})") == fault::bad_type);
    CHECK(fault_of(R"({"input": "q", "context": {}, "answers": ["a"]})") == fault::bad_type);
    CHECK(fault_of(R"({"input": "q", "answers": [["a"]]})") == fault::bad_type);
    CHECK(fault_of(R"({"input": "q", "answers": ["a"], "id": false})") == fault::bad_type);
    CHECK_FALSE(fault_of(R"({"input": "", "answers": "a"})"));
    CHECK(holds(refusal([] { (void)canonical(row(R"({"input": "q"})"), "t", "f.jsonl:3"); }), "f.jsonl:3: no answers"));
}

TEST_CASE("rows without an id are named by their content") {
    auto const id = [](std::string_view text, char const* task = "t") { return canonical(row(text), task).example_id; };
    auto const plain = id(R"({"input": "Q", "context": "C", "answers": ["A", "B"]})");
    CHECK(plain.size() == 2 + 16);
    CHECK(plain == id(R"({"input": "Q", "context": "C", "answers": ["B", "A"], "id": " "})"));
    CHECK(plain != id(R"({"input": "Q", "context": "C", "answers": ["B"]})"));
    CHECK(plain != id(R"({"input": "Q", "context": "D", "answers": ["B", "A"]})"));
    CHECK(plain.substr(2) != id(R"({"input": "Q", "context": "C", "answers": ["A", "B"]})", "u").substr(2));
}

TEST_CASE("repeated ids are an error, or get a number") {
    auto const make = [](std::vector<std::string> const& ids) {
        std::vector<example> out;
        for (auto const& id : ids) out.push_back({id, "q", "", {"a"}, {}});
        return out;
    };
    auto rows = make({"a", "b", "a", "a", "a#2", "b"});
    auto const message = refusal([&] { settle_duplicates(rows, duplicates::error, "f.jsonl"); });
    CHECK(holds(message, "f.jsonl: 3 rows repeat an id (a, a, b)"));
    settle_duplicates(rows, duplicates::suffix, "f.jsonl");
    std::vector<std::string> ids;
    for (auto const& e : rows) ids.push_back(e.example_id);
    CHECK(ids == std::vector<std::string>{"a", "b", "a#2", "a#3", "a#2#2", "b#2"});

    auto clash = make({"a#2", "a", "a"});
    settle_duplicates(clash, duplicates::suffix, "f.jsonl");
    CHECK(clash[2].example_id == "a#3");
}
