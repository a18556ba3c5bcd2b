#include <doctest/doctest.h>

#include <kvt/engine/notes.hpp>

using namespace kvt;

TEST_CASE("long strings are cut by code points, at any depth") {
    json const body = json::of(
        {{"s", std::string(1025, 'x')}, {"t", std::string(1024, 'x')}, {"l", json::list({std::string(2000, 'y'), 1})}});
    auto const cut = engine::cut_strings(body);
    CHECK(cut.at("s").text() == std::string(1024, 'x') + "...[truncated]");
    CHECK(cut.at("t").text() == std::string(1024, 'x'));
    CHECK(cut.at("l").items()[0].text() == std::string(1024, 'y') + "...[truncated]");
    CHECK(cut.at("l").items()[1] == json{1});
    CHECK(engine::cut_strings(json{"\xC3\xA4\xC3\xB6\xC3\xBC"}, 2) == json{"\xC3\xA4\xC3\xB6...[truncated]"});
}

TEST_CASE("foreign text becomes one printable line") {
    CHECK(engine::one_line("  a\r\n\tb \x01 c  ") == "a b c");
    CHECK(engine::one_line("\xC3\xA4\xFF\xC3") == "\xC3\xA4\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(engine::one_line("abcdef", 3) == "abc...");
    CHECK(engine::one_line("abc", 3) == "abc");
    CHECK(engine::one_line("\x1B[31mred\x1B[0m") == "[31mred [0m");
    CHECK(engine::one_line("").empty());
}

TEST_CASE("secrets disappear, words do not") {
    engine::secret_list secrets;
    CHECK(secrets.redact("x") == "x");
    for (auto const* s : {"sk-12345678", "key", "", "Bearer sk-12345678"}) secrets.add(s);
    CHECK(secrets.redact("key sk-12345678 and sk-12345678") == "key <redacted> and <redacted>");
    CHECK(secrets.redact("nothing here") == "nothing here");
    CHECK(secrets.redact("Bearer sk-12345678") == "<redacted>");  // the longest first
    CHECK(secrets.redact_strings(parse_json(R"({"a": ["xsk-12345678", 1], "b": {"c": "\u0073k-12345678"}})")) ==
          parse_json(R"({"a": ["x<redacted>", 1], "b": {"c": "<redacted>"}})"));
}
