#include "laws/renderer.hpp"
#include "sample.hpp"

#include <kvt/core/random.hpp>
#include <kvt/report/markdown.hpp>
#include <kvt/report/plain_text.hpp>

#include <algorithm>

using namespace kvt::report;

static_assert(renderer<markdown>);

TEST_CASE("markdown keeps the laws") { laws::renderer(markdown{}, sample::text_document()); }

TEST_CASE("every character with a meaning is escaped where it has one") {
    CHECK(escape_markdown("plain words, 1.5 and (so) on: fine!") == "plain words, 1.5 and (so) on: fine!");
    CHECK(escape_markdown("a*b_c `d` [e](f) <g> h|i ~j~ $k$ &amp; \\l") ==
          "a\\*b_c \\`d\\` \\[e\\](f) \\<g\\> h\\|i \\~j\\~ \\$k\\$ \\&amp; \\\\l");
    CHECK(escape_markdown("acc_mean _it_ __init__") == "acc_mean \\_it\\_ \\_\\_init\\_\\_");
    CHECK(escape_markdown("# no heading #") == "\\# no heading \\#");
    CHECK(escape_markdown("issue#12") == "issue#12");
    CHECK(escape_markdown("- no item") == "\\- no item");
    CHECK(escape_markdown("+ no item") == "\\+ no item");
    CHECK(escape_markdown("-1.5") == "\\-1.5");
    CHECK(escape_markdown("=== no rule") == "\\=== no rule");
    CHECK(escape_markdown("12. no item") == "12\\. no item");
    CHECK(escape_markdown("12) no item") == "12\\) no item");
    CHECK(escape_markdown("12.5 is no item") == "12.5 is no item");
    CHECK(escape_markdown("> no quote") == "\\> no quote");
    CHECK(escape_markdown("    no code") == "no code");
    CHECK(escape_markdown("two\nlines\n\n# one") == "two lines  \\# one");
    CHECK(escape_markdown("").empty());
    CHECK(escape_markdown("   ").empty());
}

TEST_CASE("escaped text holds no live mark, and gives the text back") {
    static constexpr std::string_view marks = "\\`*[]<>|~$&";
    static constexpr std::string_view pieces[] = {"*", "_", "`",     "[",  "](", ")",   "<",    ">",   "|", "~~",
                                                  "$", "&", "&amp;", "\\", "#",  "-",   "+",    "=",   "1", ".",
                                                  "a", " ", "\n",    "中", "!",  "://", "\x1b", "1. ", "- "};
    kvt::random_stream stream{9, "markdown"};
    for (int repeat = 0; repeat < 5000; ++repeat) {
        std::string text;
        for (auto n = stream.below(10); n > 0; --n) text += pieces[stream.below(std::size(pieces))];
        auto const escaped = escape_markdown(text);
        std::string back;
        for (std::size_t i = 0; i < escaped.size(); ++i) {
            bool const taken = escaped[i] == '\\';
            if (taken) ++i;
            REQUIRE(i < escaped.size());
            if (!taken) REQUIRE_MESSAGE(marks.find(escaped[i]) == marks.npos, escaped);
            back += escaped[i];
        }
        auto plain = plain_text(text);
        plain.erase(plain.find_last_not_of(' ') + 1);
        plain.erase(0, std::min(plain.find_first_not_of(' '), plain.size()));
        CHECK(back == plain);
        if (!escaped.empty()) CHECK(std::string_view{"#+-=>"}.find(escaped[0]) == std::string_view::npos);
    }
}

TEST_CASE("a document, as written") {
    document d{.title = "Title * 1", .subtitle = "below", .footer = "end", .blocks = {}};
    d.add(note{severity::danger, "PARTIAL RUN", "2 of " + strong("8") + " runs"});
    d.add(note{severity::info, "", "no label"});
    d.add(heading{"Overview"}).add(heading{"Deeper", 3}).add(heading{"Too deep", 9}).add(heading{"Too high", 1});
    d.add(paragraph{"see " + linked("here", "a b/c(d).md") + ", " + linked("not here", "javascript:alert(1)") + " " +
                    slight("so so") + " " + code("a`") + code("`b") + " " + code("`") + " " + code(" ")});
    d.add(paragraph{"edges" + strong(" stand ") + "outside"});
    d.add(bullets{{"one", code("two")}});
    d.add(facts{{{"Group", code("demo")}, {"Model|x", "y"}}});
    d.add(highlights{{{"safe budget", "0.50", "of full"}, {"failures", "0"}}});
    table t{.caption = "Runs",
            .columns = {{"policy"}, {"acc", cell_align::right}, {"id", cell_align::left, cell_face::code}}};
    t.add({"a|b", "1.000", "x|y"}).add({"中文", "N/A", ""});
    d.add(std::move(t));
    d.add(figure{.png = "plots/a b.png", .svg = "plots/a.svg", .caption = "Accuracy", .alt = "A [falling] line"});
    d.add(figure{.svg = "plots/only.svg", .caption = "Only"});
    d.add(code_block{"a\r\n```\n\tb", "ba sh`"});
    std::string const expected = R"(# Title \* 1

below

> **PARTIAL RUN**: 2 of **8** runs

> no label

## Overview

### Deeper

###### Too deep

## Too high

see [here](a%20b/c%28d%29.md), not here *so so* ```a``b``` `` ` ``

edges **stand** outside

- one
- `two`

- **Group:** `demo`
- **Model\|x:** y

- **0.50** safe budget (of full)
- **0** failures

*Runs*

| policy |   acc | id     |
|--------|------:|--------|
| a\|b   | 1.000 | `x\|y` |
| 中文   |   N/A |        |

![A \[falling\] line](plots/a%20b.png)

*Accuracy*

![Only](plots/only.svg)

*Only*

````bash
a
```
	b
````

---

end
)";
    CHECK(markdown{}.render(d) == expected);
}
