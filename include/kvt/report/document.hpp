// A report's content without its looks: headings, paragraphs, notes, lists, tables, figures.
#pragma once

#include <kvt/report/phrase.hpp>
#include <kvt/report/table.hpp>

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace kvt::inline KVT_ABI::report {

/// How much a reader must not miss it.
enum class severity : std::uint8_t { info, good, caution, danger };

/// A heading of level 2 (a section) to 4; level 1 is the document's title.
struct heading {
    std::string text;
    int level = 2;
};
struct paragraph {
    phrase text;
};
/// A banner: `{severity::danger, "PARTIAL RUN", "2 of 8 runs are missing"}`.
struct note {
    report::severity severity = report::severity::info;
    std::string label = {};
    phrase text = {};
};
struct bullets {
    std::vector<phrase> items;
};
/// Names and values.
struct facts {
    struct item {
        std::string name;
        phrase value;
    };
    std::vector<item> items;
};
/// The few figures a reader looks for first, each large, with a word on what it is.
struct highlights {
    struct item {
        std::string label, value;
        std::string detail = {};
        report::severity severity = report::severity::info;
    };
    std::vector<item> items;
};
/// The one figure a document comes down to, large, on a ground of its severity's colour (green, amber, red; else plain).
struct verdict {
    std::string label, value;
    std::string detail = {};
    report::severity severity = report::severity::info;
};
/// A picture by file, its path relative to the document's folder. Where both are given, Markdown shows the PNG and HTML
/// holds the SVG. `alt` says in words what is seen.
struct figure {
    std::string png = {}, svg = {};
    std::string caption = {}, alt = {};
};
struct code_block {
    std::string text;
    std::string language = {};
};

struct block;
/// Details for those who ask: HTML shows the summary until it is opened, Markdown shows all. Holds no headings.
struct folded {
    std::string summary;
    std::vector<block> blocks;
};

struct block : std::variant<heading, paragraph, note, bullets, facts, highlights, verdict, table, figure, code_block, folded> {
    using variant::variant;
};

/// Blocks in reading order. Every text in it is plain: renderers escape it.
struct document {
    std::string title = {}, subtitle = {};
    std::string footer = {};      ///< one closing line, for instance when it was generated
    std::string language = "en";  ///< BCP 47
    std::string folder = ".";     ///< where figures' paths start
    std::vector<block> blocks = {};

    document& add(block b);
};

}  // namespace kvt::inline KVT_ABI::report

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/report/detail/document.ipp>
#endif
