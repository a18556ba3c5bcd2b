// What every renderer must do; applied to each of them in tests/report.
#pragma once

#include <kvt/report/plain_text.hpp>
#include <kvt/report/renderer.hpp>

#include <doctest/doctest.h>

#include <string>

namespace laws {

/// `d` should hold hostile words everywhere. What is written is valid UTF-8 without control characters, the same at every
/// call, and ends its last line. That words stay words is tested in each format's own terms.
template <kvt::report::renderer R> void renderer(R const& r, kvt::report::document const& d) {
    auto const text = r.render(d);
    CHECK(text == r.render(d));
    CHECK(text == kvt::report::plain_text(text, kvt::report::line_breaks::kept));
    CHECK(text.ends_with("\n"));
    CHECK_FALSE(text.ends_with("\n\n"));

    auto const empty = r.render(kvt::report::document{});
    CHECK_FALSE(empty.empty());
    kvt::report::document hollow{};
    using namespace kvt::report;
    hollow.add(heading{""})
        .add(paragraph{})
        .add(note{})
        .add(bullets{})
        .add(facts{})
        .add(highlights{})
        .add(table{})
        .add(code_block{});
    CHECK_FALSE(r.render(hollow).empty());
}

}  // namespace laws
