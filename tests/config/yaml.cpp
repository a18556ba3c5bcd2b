#include <kvt/config/yaml.hpp>
#include <kvt/core/random.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

#include <cmath>
#include <vector>

using namespace kvt;
using config::parse_yaml;

namespace {

std::string refused(std::string_view text) {
    return refusal([&] { (void)parse_yaml(text, "f.yaml"); });
}

bool same(json const& a, json const& b) {
    if (a.is_real() && b.is_real() && std::isnan(a.real()) && std::isnan(b.real())) return true;
    if (a.is_array() && b.is_array()) {
        bool good = a.size() == b.size();
        for (std::size_t i = 0; good && i < a.size(); ++i) good = same(a.items()[i], b.items()[i]);
        return good;
    }
    if (a.is_object() && b.is_object()) {
        bool good = a.size() == b.size();
        for (std::size_t i = 0; good && i < a.size(); ++i)
            good = a.members()[i].first == b.members()[i].first && same(a.members()[i].second, b.members()[i].second);
        return good;
    }
    return a == b;
}

std::string random_text(random_stream& random, std::vector<std::string> const& pieces, std::size_t most) {
    std::string out;
    for (auto n = random.below(most); n > 0; --n) out += pieces[random.below(pieces.size())];
    return out;
}

json random_value(random_stream& random, int depth) {
    static std::vector<std::string> const pieces{"a",
                                                 "B",
                                                 " ",
                                                 "\n",
                                                 "\t",
                                                 ":",
                                                 "#",
                                                 "-",
                                                 "'",
                                                 "\"",
                                                 "\\",
                                                 "{",
                                                 "}",
                                                 "[",
                                                 "]",
                                                 ",",
                                                 "&",
                                                 "*",
                                                 "!",
                                                 "|",
                                                 ">",
                                                 "%",
                                                 "@",
                                                 "`",
                                                 "1",
                                                 ".5",
                                                 "e3",
                                                 "null",
                                                 "true",
                                                 "~",
                                                 "\xC3\xA9",
                                                 "\xE6\xBC\xA2",
                                                 "\xF0\x9F\x98\x80",
                                                 "\x01",
                                                 "?",
                                                 "=",
                                                 "<<",
                                                 "---"};
    switch (random.below(depth > 3 ? 6 : 8)) {
        case 0: return nullptr;
        case 1: return random.below(2) == 0;
        case 2: return static_cast<std::int64_t>(random.next());
        case 3: return std::ldexp(random.unit() - 0.5, static_cast<int>(random.below(200)) - 100);
        case 4: return std::vector<double>{HUGE_VAL, -HUGE_VAL, std::nan("")}[random.below(3)];
        case 5: return random_text(random, pieces, 8);
        case 6: {
            json::array items;
            for (auto n = random.below(4); n > 0; --n) items.push_back(random_value(random, depth + 1));
            return items;
        }
        default: break;
    }
    json members = json::object{};
    for (auto n = random.below(4); n > 0; --n)
        members[random_text(random, pieces, 6)] = random_value(random, depth + 1);
    return members;
}

}  // namespace

TEST_CASE("YAML becomes values with their lines") {
    auto const d = config::parse_yaml_document(
        "# first\na:\n  b: [1, 2.5, x]   # flow\n  'c d': \"5\"\ne:\n- &k {z: ~}\n- *k\n- |\n  two\n  lines\n",
        "f.yaml");
    CHECK(dump(d.value) == R"({"a":{"b":[1,2.5,"x"],"c d":"5"},"e":[{"z":null},{"z":null},"two\nlines\n"]})");
    CHECK(d.path == "f.yaml");
    CHECK(d.lines.at("a") == 2);
    CHECK(d.lines.at("a.b") == 3);
    CHECK(d.lines.at("a.b[2]") == 3);
    CHECK(d.lines.at("a.c d") == 4);
    CHECK(d.lines.at("e[1]") == 7);
    CHECK(parse_yaml("").is_null());
    CHECK(parse_yaml("# nothing\n").is_null());
    CHECK(parse_yaml("\xEF\xBB\xBF"
                     "a: 1\r\nb: 2\r\n") == json::of({{"a", 1}, {"b", 2}}));
}

TEST_CASE("plain scalars follow the core rules, quoted ones are text") {
    CHECK(config::resolve_scalar("9223372036854775807") == json{INT64_MAX});
    CHECK(config::resolve_scalar("9223372036854775808") == json{9223372036854775808.0});
    CHECK(config::resolve_scalar("-9223372036854775808") == json{INT64_MIN});
    CHECK(config::resolve_scalar("+7") == json{7});
    CHECK(config::resolve_scalar("+.5e-1") == json{0.05});
    CHECK(config::resolve_scalar("-.inf").real() == -HUGE_VAL);
    CHECK(std::isnan(config::resolve_scalar(".NaN").real()));
    for (auto text : {".", "+", "-", "e5", "1e", "1e+", ".e1", "0x1F", "0o7", "1_000", "12:30", "yes", "1.2.3", "--1",
                      "1 ", "tRue", "1e999", "nan", "inf"})
        CHECK(config::resolve_scalar(text).is_text());
    CHECK(parse_yaml("'true'").is_text());
    CHECK(parse_yaml("!!str 5") == json{"5"});
    CHECK(parse_yaml("!!float 5") == json{5.0});
}

TEST_CASE("bad YAML ends in one line that names the file and the line") {
    CHECK(refused("a:\n  b: [1,\nc: 2\n").starts_with("f.yaml:"));
    CHECK(refused("a: 1\nb: 2\na: 3\n") ==
          "f.yaml:3: the key \"a\" stands here a second time; expected it once (first on line 1)");
    CHECK(refused("? [x]\n: 1").starts_with("f.yaml:1: a mapping or list as a key"));
    CHECK(refused("a: 1\n---\nb: 2").starts_with("f.yaml: more than one document"));
    CHECK(refused("a: *b").starts_with("f.yaml:1: not YAML"));
    CHECK(refused("a: &b [*b]").starts_with("f.yaml:1: an alias inside what it names"));
    CHECK(refused("a: !!int x").starts_with("f.yaml:1: the tag"));
    CHECK(refused("a: 1\nb: \xff").starts_with("f.yaml: not UTF-8"));
    CHECK(refused("a: 1\nb: \x01").starts_with("f.yaml:2: a control character"));
    CHECK(refused("a: 1\n\tb: 2").starts_with("f.yaml:2: not YAML"));
    CHECK(refused("a: 1\nb: 'x\nc: 2\n") == "f.yaml:2: a quote that is not closed; expected '");
    CHECK(refused("a: \xE6\xBC\xA2\r\nb: !!str &k \"x\\\"\r\nc: 2\r\n") ==
          "f.yaml:2: a quote that is not closed; expected \"");
    CHECK(refused("\xEF\xBB\xBF# \xE6\xBC\xA2\r\na: &k 'it''s'\r\n") == "");
    CHECK(refused("a: 'it''s\n") == "f.yaml:1: a quote that is not closed; expected '");
    CHECK(refused("a: ''\nb: 1\nc: ''''\n") == "");
    CHECK(refused("a: \"x\\\"\"") == "");
    CHECK(refused("a: |\n  it's\n") == "");
    CHECK(refused("a: it's\n") == "");
    CHECK(refused(std::string(600, '[')).starts_with("f.yaml:1: "));
    std::string deep;
    for (int i = 0; i < 300; ++i) deep += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
    CHECK(refused(deep).find("nesting deeper than 256") != std::string::npos);
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 9; ++i) {
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int k = 0; k < 10; ++k) bomb += (k > 0 ? ", *a" : "*a") + std::to_string(i - 1);
        bomb += "]\n";
    }
    CHECK(refused(bomb).find("more than a million values") != std::string::npos);
    CHECK(refused(std::string(5 << 20, ' ')) == "f.yaml: larger than 4 MiB");
}

TEST_CASE("what is written reads back the same") {
    random_stream random{7, "yaml round trip"};
    for (int i = 0; i < 3000; ++i) {
        auto const value = random_value(random, 0);
        auto const text = config::dump_yaml(value);
        CAPTURE(text);
        CAPTURE(dump(value));
        json back;
        REQUIRE_NOTHROW(back = parse_yaml(text));
        CHECK(same(value, back));
    }
    CHECK(config::dump_yaml(json::of(
              {{"kv", json::of({{"budgets", json::list({1.0, 0.5})}, {"policy", "h2o"}, {"mode", nullptr}})}})) ==
          "kv:\n  budgets: [1.0, 0.5]\n  policy: h2o\n  mode: null\n");
}

TEST_CASE("random bytes never crash the reader") {
    random_stream random{11, "yaml fuzz"};
    static std::vector<std::string> const pieces{
        "a",           "b",   ": ", ":",  "- ",   "-",         "\n",     "\n  ", "\n ",
        " ",           "[",   "]",  "{",  "}",    ", ",        ",",      "? ",   "& ",
        "&a ",         "*a ", "!",  "!!", "!<",   "|",         ">",      "|2-",  "'",
        "\"",          "\\x", "#",  " #", "%",    "%YAML 1.2", "---",    "...",  "@",
        "`",           "~",   "1",  "\t", "\r\n", "\xC3\xA9",  "<<: *a", "\\",   "\xE2\x80\xA8",
        "\xEF\xBB\xBF"};
    std::size_t read = 0, refused = 0;
    auto const attempt = [&](std::string const& text) {
        auto const e = error_of([&] { (void)parse_yaml(text, "fuzz"); });
        ++(e ? refused : read);
        if (e && e->kind() != error_kind::malformed) FAIL(e->what());
    };
    for (int i = 0; i < 20'000; ++i) attempt(random_text(random, pieces, 24));
    for (int i = 0; i < 5'000; ++i) {
        std::string bytes;
        for (auto n = random.below(64); n > 0; --n) bytes += static_cast<char>(random.below(256));
        attempt(bytes);
    }
    std::string const whole =
        "dataset:\n  name: &n longbench\n  list: [1, {a: 'b', c: \"d\\n\"}]\nkv:\n  - |\n    text\n  - *n\n";
    for (int i = 0; i < 10'000; ++i) {
        auto text = whole;
        for (auto n = random.below(3) + 1; n > 0; --n)
            text[random.below(text.size())] = static_cast<char>(random.below(128));
        attempt(text.substr(0, random.below(text.size() + 1)));
    }
    CHECK(read > 1000);
    CHECK(refused > 1000);
}
