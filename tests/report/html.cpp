#include "laws/renderer.hpp"
#include "sample.hpp"
#include "xml.hpp"

#include <kvt/core/random.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/report/html.hpp>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <filesystem>
#include <set>

using namespace kvt::report;

static_assert(renderer<html>);

namespace {

std::string attribute(xml::contents::element const& e, std::string_view key) {
    for (auto const& [name, value] : e.attributes)
        if (name == key) return value;
    return {};
}

}  // namespace

TEST_CASE("html keeps the laws") { laws::renderer(html{}, sample::text_document()); }

TEST_CASE("the page is well-formed, loads nothing and runs nothing") {
    auto const page = xml::read(html{}.render(sample::text_document()));
    std::set<std::string> ids;
    std::string policy;
    for (auto const& e : page.elements) {
        CHECK(e.name != "script");
        CHECK(e.name != "link");
        CHECK(e.name != "iframe");
        CHECK(attribute(e, "src").empty());
        if (attribute(e, "http-equiv") == "Content-Security-Policy") policy = attribute(e, "content");
        auto const target = attribute(e, "href");
        CHECK((target.empty() || target.starts_with("#")));
        for (auto const& [key, value] : e.attributes) CHECK_FALSE(key.starts_with("on"));
        if (auto const id = attribute(e, "id"); !id.empty()) CHECK_MESSAGE(ids.insert(id).second, "twice: ", id);
    }
    CHECK(policy.starts_with("default-src 'none'; img-src data:; style-src 'unsafe-inline'"));
    for (auto const& e : page.elements)
        if (auto const target = attribute(e, "href"); target.starts_with("#")) CHECK(ids.count(target.substr(1)) == 1);
    CHECK(page.text.find("url(") == page.text.npos);
    CHECK(page.text.find("@import") == page.text.npos);
    CHECK(page.text.find("http") == page.text.npos);
}

TEST_CASE("every word of the document is on the page as it is") {
    auto const page = xml::read(html{}.render(sample::text_document()));
    auto const shown = plain_text(sample::hostile, line_breaks::kept);
    std::size_t times = 0;
    for (std::size_t i = 0; (i = page.text.find(shown, i)) != page.text.npos; ++i) ++times;
    CHECK(times == 7);  // list item, caption, table heading, two cells, heading, code; not in the contents: level 4
    for (std::string_view words :
         {"PARTIAL RUN", "run_7c1e", "lowest safe budget, snapkv", "95 % interval", "[0.875, 1.000]", "N/A"})
        CHECK_MESSAGE(page.text.find(words) != page.text.npos, words);
}

TEST_CASE("escaping any text gives it back") {
    static constexpr std::string_view pieces[] = {"<",        ">", "&", "\"", "'",  "&amp;", "]]>", "<!--", "-->",
                                                  "</style>", "a", " ", "\n", "中", "&#",    ";",   "{{",   "${"};
    kvt::random_stream stream{3, "html"};
    for (int repeat = 0; repeat < 1000; ++repeat) {
        std::string text;
        for (auto n = stream.below(12); n > 0; --n) text += pieces[stream.below(std::size(pieces))];
        auto const page = xml::read("<p title=\"" + escape_html(text) + "\">" + escape_html(text) + "</p>");
        REQUIRE(page.elements.size() == 1);
        CHECK(page.text == text);
        CHECK(attribute(page.elements[0], "title") == text);
    }
}

TEST_CASE("contents list the sections, each under its own fragment") {
    document d{.title = "t", .blocks = {}};
    d.add(heading{"Same"})
        .add(heading{"Same"})
        .add(heading{"main", 3})
        .add(heading{"中文"})
        .add(heading{"42"})
        .add(heading{"deep", 4});
    auto const text = html{}.render(d);
    for (std::string_view id : {"same", "same-2", "main-2", "section", "section-42", "deep"})
        CHECK_MESSAGE(text.find(" id=\"" + std::string{id} + "\"") != text.npos, id);
    CHECK(text.find("href=\"#same-2\"") != text.npos);
    CHECK(text.find("href=\"#deep\"") == text.npos);
    CHECK(html{}.render({.title = "t", .blocks = {heading{"one"}}}).find("<nav") == std::string::npos);
}

TEST_CASE("links leave only for harmless places") {
    document d{.title = "t", .blocks = {}};
    for (std::string_view bad : {"javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:x", "\tjavascript:x",
                                 "data:text/html,x", "vbscript:x", "//evil.example", "\\\\evil", "file:///etc/passwd"})
        d.add(paragraph{linked("word", std::string{bad})});
    for (std::string_view good : {"#runs", "plots/a.png", "https://example.org/a?b=c&d", "a:b"})
        d.add(paragraph{linked("word", std::string{good})});
    auto const page = xml::read(html{}.render(d));
    std::vector<std::string> targets;
    for (auto const& e : page.elements)
        if (e.name == "a") targets.push_back(attribute(e, "href"));
    // a leading blank or tab becomes part of a relative path, which no browser takes for a scheme
    CHECK(targets == std::vector<std::string>{"#main", "#runs", "plots/a.png", "https://example.org/a?b=c&d"});
}

TEST_CASE("figures are inside the page, vector before pixels, and neighbours stand side by side") {
    scratch_folder const folder;
    std::string const png = std::string{"\x89PNG\r\n\x1A\n"} + "rest", svg = "<svg xmlns=\"x\"></svg>";
    kvt::write_file(folder / "plots/a.png", png);
    kvt::write_file(folder / "plots/a.svg", svg);
    document d{.title = "t", .folder = folder.path, .blocks = {}};
    d.add(figure{.png = "plots/a.png", .svg = "plots/a.svg", .caption = "both", .alt = "words <&>"});
    d.add(figure{.png = folder / "plots/a.png", .caption = "pixels"});
    d.add(paragraph{"between"});
    d.add(figure{.svg = "plots/a.svg"});
    auto const text = html{}.render(d);
    auto const page = xml::read(text);
    std::vector<std::string> sources;
    for (auto const& e : page.elements)
        if (e.name == "img") sources.push_back(attribute(e, "src"));
    std::string const vector = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0ieCI+PC9zdmc+";
    CHECK(sources == std::vector<std::string>{vector, "data:image/png;base64,iVBORw0KGgpyZXN0", vector});
    CHECK(text.find("<div class=\"figures\">\n<figure>") != text.npos);
    CHECK(text.find("alt=\"words &lt;&amp;&gt;\"") != text.npos);
    CHECK(text.find("alt=\"pixels\"") != text.npos);
}

TEST_CASE("a figure that is missing or no picture is an error that names it") {
    scratch_folder const folder;
    kvt::write_file(folder / "a.png", "GIF89a");
    document d{.title = "t", .folder = folder.path, .blocks = {figure{.png = "a.png"}}};
    CHECK_THROWS_WITH_AS((void)html{}.render(d), (folder / "a.png: neither a PNG nor an SVG picture").c_str(),
                         kvt::error);
    d.blocks = {figure{.png = "none.png"}};
    auto const e = error_of([&] { (void)html{}.render(d); });
    REQUIRE(e);
    CHECK(e->kind() == kvt::error_kind::missing);
    CHECK(e->where() == folder / "none.png");
}
