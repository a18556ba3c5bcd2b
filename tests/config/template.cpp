#include <kvt/config/template.hpp>

#include <doctest/doctest.h>

using namespace kvt;

TEST_CASE("templates over values") {
    auto const data = json::of({{"name", "a <b> & \"c\""}, {"n", 3}, {"x", 0.5}, {"yes", true}, {"no", false}, {"none", nullptr},
                                {"blank", ""}, {"empty", json::array{}}, {"deep", json::of({{"er", "found"}})},
                                {"rows", json::list({json::of({{"k", 1}}), json::of({{"k", 2}, {"n", 9}})})}});
    CHECK(config::render("{{name}}", data) == "a <b> & \"c\"");
    CHECK(config::render("{{name}} {{{name}}}", data, config::escaping::html) == "a &lt;b&gt; &amp; &quot;c&quot; a <b> & \"c\"");
    CHECK(config::render("{{n}} {{x}} {{yes}} [{{no}}{{none}}{{absent}}] {{deep.er}}", data) == "3 0.5 true [] found");
    CHECK(config::render("{{#rows}}{{k}}/{{n}} {{/rows}}", data) == "1/3 2/9 ");
    CHECK(config::render("{{#yes}}1{{/yes}}{{#no}}2{{/no}}{{#none}}3{{/none}}{{#blank}}4{{/blank}}{{#empty}}5{{/empty}}{{^empty}}6{{/empty}}", data) == "16");
    CHECK(config::render("{{! a comment }}x", data) == "x");
    CHECK(config::render("[{{.}}] {{a}}", "whole") == "[whole] ");
}

TEST_CASE("values are never read as templates") {
    auto const data = json::of({{"p", "{{secret}}{{>p}}"}, {"secret", "s"}});
    CHECK(config::render("{{>p}}|{{p}}", data) == "|{{secret}}{{>p}}");
}

TEST_CASE("a broken template is named") {
    CHECK_THROWS_WITH_AS((void)config::render("{{#a}}x", {}, config::escaping::none, "report.md"),
                         "report.md: not a template (Unclosed section \"a\" at 0)", error);
    CHECK_THROWS_AS((void)config::render("{{a", {}), error);
}
