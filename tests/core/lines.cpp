#include <kvt/core/error.hpp>
#include <kvt/core/lines.hpp>
#include <kvt/core/random.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <vector>

using kvt::line_reader;

namespace {

std::vector<std::string> all(std::string const& path, std::size_t limit = 1 << 20) {
    line_reader reader{path, limit};
    std::vector<std::string> out;
    while (reader.next()) {
        out.push_back(reader.too_long() ? "<too long>" : std::string{reader.line()});
        REQUIRE(reader.number() == out.size());
    }
    REQUIRE_FALSE(reader.next());
    return out;
}

}  // namespace

TEST_CASE("lines end at newlines, and the last one may not") {
    scratch_folder const at;
    CHECK(all(at.file("a", "one\ntwo\n")) == std::vector<std::string>{"one", "two"});
    CHECK(all(at.file("b", "one\ntwo")) == std::vector<std::string>{"one", "two"});
    CHECK(all(at.file("c", "\n\nx\n\n")) == std::vector<std::string>{"", "", "x", ""});
    CHECK(all(at.file("d", "")).empty());
    CHECK(all(at.file("e", "one\r\ntwo\r\n\r\n")) == std::vector<std::string>{"one", "two", ""});
    CHECK(all(at.file("f", "one\rtwo\r")) == std::vector<std::string>{"one\rtwo\r"});
    CHECK(all(at.file("g", std::string_view{"a\0b\nc", 5})) == std::vector<std::string>{std::string{"a\0b", 3}, "c"});
}

TEST_CASE("a byte-order mark is skipped at the start only") {
    scratch_folder const at;
    CHECK(all(at.file("a", "\xEF\xBB\xBFx\n\xEF\xBB\xBFy\n")) == std::vector<std::string>{"x", "\xEF\xBB\xBFy"});
    CHECK(all(at.file("b", "\xEF\xBB\xBF")).empty());
}

TEST_CASE("a line may be as long as allowed and no longer") {
    scratch_folder const at;
    std::string const ten(10, 'x'), eleven(11, 'x');
    CHECK(all(at.file("a", ten + "\n" + eleven + "\n" + ten + "\r\n" + eleven), 10) ==
          std::vector<std::string>{ten, "<too long>", ten, "<too long>"});
}

TEST_CASE("huge lines are passed over without being kept") {
    scratch_folder const at;
    std::string const huge(3 << 20, 'x');
    CHECK(all(at.file("a", "before\n" + huge + "\nafter\n" + huge), 1000) ==
          std::vector<std::string>{"before", "<too long>", "after", "<too long>"});
}

TEST_CASE("lines come back whole wherever the blocks end") {
    scratch_folder const at;
    kvt::random_stream stream{5, "lines"};
    std::vector<std::string> lines;
    std::string text;
    for (int i = 0; i < 400; ++i) {
        lines.emplace_back(stream.below(6000), static_cast<char>('a' + i % 26));
        text += lines.back() + '\n';
    }
    CHECK(all(at.file("a", text)) == lines);
}

TEST_CASE("files that cannot be read are named") {
    scratch_folder const at;
    CHECK(holds(refusal([&] { line_reader{at / "none", 10}; }), at / "none"));
    CHECK(refusal([&] { line_reader{at.path, 10}; }) == at.path + ": is a folder; expected a file");
    CHECK(error_of([&] { line_reader{at.path, 10}; })->exit_code() == 2);
}
