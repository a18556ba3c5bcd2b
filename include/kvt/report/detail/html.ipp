#pragma once

#include <kvt/core/text_file.hpp>
#include <kvt/report/detail/html_style.ipp>
#include <kvt/report/detail/link.ipp>
#include <kvt/report/html.hpp>
#include <kvt/report/plain_text.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <set>

namespace kvt::inline KVT_ABI::report {

KVT_DECL std::string escape_html(std::string_view text) {
    std::string out;
    for (char c : plain_text(text, line_breaks::kept)) switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    return out;
}

namespace detail {

KVT_DECL std::string phrase_html(phrase const& text) {
    std::string out;
    for (auto const& p : text.pieces()) {
        auto const inner = escape_html(p.text);
        switch (p.emphasis) {
            case emphasis::strong: out += "<strong>" + inner + "</strong>"; break;
            case emphasis::slight: out += "<em>" + inner + "</em>"; break;
            case emphasis::code: out += "<code>" + inner + "</code>"; break;
            case emphasis::link: {
                auto const target = link_target(p.target);
                out += target.empty() ? inner
                                      : "<a href=\"" + escape_html(target) + "\" rel=\"noreferrer\">" + inner + "</a>";
                break;
            }
            default: out += inner;
        }
    }
    return out;
}

KVT_DECL std::string_view severity_class(severity s) {
    static constexpr std::string_view names[] = {"info", "good", "caution", "danger"};
    return names[static_cast<std::size_t>(s)];
}

/// A heading's fragment: its words in lower case, numbered where the document has them twice.
KVT_DECL std::string fragment_of(std::string_view text, std::set<std::string>& taken) {
    std::string base;
    for (char c : text) {
        char const low = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        bool const word = (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9');
        if (word) base += low;
        else if (!base.empty() && !base.ends_with('-')) base += '-';
    }
    while (base.ends_with('-')) base.pop_back();
    if (base.empty() || (base.front() >= '0' && base.front() <= '9'))
        base = base.empty() ? "section" : "section-" + base;
    std::string id = base;
    for (int n = 2; !taken.insert(id).second; ++n) id = base + "-" + std::to_string(n);
    return id;
}

/// A picture's bytes as the address that holds them.
KVT_DECL std::string data_address(std::string const& path) {
    auto const bytes = read_file(path);
    bool const png = bytes.starts_with("\x89PNG\r\n\x1A\n");
    if (!png && bytes.find("<svg") == bytes.npos)
        throw error{error_kind::malformed, path, "neither a PNG nor an SVG picture"};
    std::string encoded((bytes.size() + 2) / 3 * 4 + 1, '\0');
    auto const size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                        reinterpret_cast<unsigned char const*>(bytes.data()), static_cast<int>(bytes.size()));
    encoded.resize(static_cast<std::size_t>(size));
    return (png ? "data:image/png;base64," : "data:image/svg+xml;base64,") + encoded;
}

/// Appends one block. Fragments of headings were chosen beforehand, in order.
struct html_writer {
    std::string& out;
    std::string const& folder;
    std::vector<std::string> const& fragments;
    std::size_t next_fragment = 0;

    void operator()(heading const& h) {
        auto const tag = "h" + std::to_string(std::clamp(h.level, 2, 4));
        out += "<" + tag + " id=\"" + fragments[next_fragment++] + "\">" + escape_html(h.text) + "</" + tag + ">\n";
    }
    void operator()(paragraph const& p) { out += "<p>" + phrase_html(p.text) + "</p>\n"; }
    void operator()(note const& n) {
        out += "<div class=\"note " + std::string{severity_class(n.severity)} + "\" role=\"note\">";
        if (!n.label.empty()) out += "<strong class=\"label\">" + escape_html(n.label) + "</strong>";
        if (!n.text.empty()) out += "<p>" + phrase_html(n.text) + "</p>";
        out += "</div>\n";
    }
    void operator()(bullets const& b) {
        if (b.items.empty()) return;
        out += "<ul>\n";
        for (auto const& item : b.items) out += "<li>" + phrase_html(item) + "</li>\n";
        out += "</ul>\n";
    }
    void operator()(facts const& f) {
        if (f.items.empty()) return;
        out += "<dl class=\"facts\">\n";
        for (auto const& item : f.items)
            out += "<dt>" + escape_html(item.name) + "</dt><dd>" + phrase_html(item.value) + "</dd>\n";
        out += "</dl>\n";
    }
    void operator()(highlights const& h) {
        if (h.items.empty()) return;
        out += "<ul class=\"highlights\">\n";
        for (auto const& item : h.items) {
            out += "<li class=\"" + std::string{severity_class(item.severity)} + "\"><span class=\"value\">" +
                   escape_html(item.value) + "</span> <span class=\"label\">" + escape_html(item.label) + "</span>";
            if (!item.detail.empty()) out += " <span class=\"detail\">" + escape_html(item.detail) + "</span>";
            out += "</li>\n";
        }
        out += "</ul>\n";
    }
    void operator()(verdict const& v) {
        out += "<div class=\"verdict " + std::string{severity_class(v.severity)} + "\" role=\"note\"><span class=\"label\">" +
               escape_html(v.label) + "</span> <span class=\"value\">" + escape_html(v.value) + "</span>";
        if (!v.detail.empty()) out += " <span class=\"detail\">" + escape_html(v.detail) + "</span>";
        out += "</div>\n";
    }
    void operator()(table const& t) {
        if (t.columns.empty()) return;
        // Wide tables scroll within their frame, which the keyboard must therefore reach.
        out += "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"" +
               escape_html(t.caption.empty() ? "Table" : t.caption) + "\"><table>\n";
        if (!t.caption.empty()) out += "<caption>" + escape_html(t.caption) + "</caption>\n";
        out += "<thead><tr>";
        for (auto const& c : t.columns)
            out += std::string{"<th scope=\"col\""} + (c.align == cell_align::right ? " class=\"right\"" : "") + ">" +
                   escape_html(c.label) + "</th>";
        out += "</tr></thead>\n<tbody>\n";
        for (auto const& row : t.rows) table_row(t, row);
        if (t.rows.empty())
            out += "<tr><td class=\"empty\" colspan=\"" + std::to_string(t.columns.size()) + "\">no rows</td></tr>\n";
        out += "</tbody></table></div>\n";
    }
    void operator()(figure const& f) {
        auto const& path = f.svg.empty() ? f.png : f.svg;
        out += "<figure><img src=\"" + data_address(path.starts_with('/') ? path : folder + "/" + path) + "\" alt=\"" +
               escape_html(f.alt.empty() ? f.caption : f.alt) + "\" />";
        if (!f.caption.empty()) out += "<figcaption>" + escape_html(f.caption) + "</figcaption>";
        out += "</figure>\n";
    }
    void operator()(code_block const& c) {
        out += "<pre tabindex=\"0\"><code>" + escape_html(c.text) + "</code></pre>\n";
    }

    void operator()(folded const& f) {
        out += "<details class=\"folded\"><summary>" + escape_html(f.summary) + "</summary>\n";
        (*this)(f.blocks);
        out += "</details>\n";
    }
    /// Blocks in order; neighbouring figures stand beside one another.
    void operator()(std::vector<block> const& blocks) {
        auto const shown_beside = [&](std::size_t i) {
            return i < blocks.size() && std::holds_alternative<figure>(blocks[i]);
        };
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            bool const opens = shown_beside(i) && shown_beside(i + 1) && (i == 0 || !shown_beside(i - 1));
            bool const closes = shown_beside(i) && !shown_beside(i + 1) && i > 0 && shown_beside(i - 1);
            if (opens) out += "<div class=\"figures\">\n";
            std::visit(*this, blocks[i]);
            if (closes) out += "</div>\n";
        }
    }

  private:
    void table_row(table const& t, std::vector<std::string> const& row) {
        out += "<tr>";
        for (std::size_t i = 0; i < row.size(); ++i) {
            std::string classes = t.columns[i].align == cell_align::right ? "right" : "";
            if (row[i] == "N/A") classes += classes.empty() ? "absent" : " absent";
            std::string const tag = i == 0 ? "th" : "td";
            out += "<" + tag + (i == 0 ? " scope=\"row\"" : "") +
                   (classes.empty() ? "" : " class=\"" + classes + "\"") + ">";
            bool const code = t.columns[i].face == cell_face::code && row[i] != "N/A" && !row[i].empty();
            out += (code ? "<code>" : "") + escape_html(row[i]) + (code ? "</code>" : "") + "</" + tag + ">";
        }
        out += "</tr>\n";
    }
};

KVT_DECL std::string html_head(document const& d) {
    return "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"" + escape_html(d.language) +
           "\">\n<head>\n<meta charset=\"utf-8\" />\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
           "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\" />\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n"
           "<meta name=\"color-scheme\" content=\"light dark\" />\n<meta name=\"referrer\" content=\"no-referrer\" />\n"
           "<meta name=\"generator\" content=\"kvt " KVT_VERSION "\" />\n<title>" +
           escape_html(d.title) + "</title>\n<style>" + std::string{html_style} + "</style>\n</head>\n";
}

/// The list of sections; fills the fragments of all headings.
KVT_DECL std::string html_contents(document const& d, std::vector<std::string>& fragments) {
    std::set<std::string> taken{"main"};
    std::string items;
    for (auto const& b : d.blocks)
        if (auto const* h = std::get_if<heading>(&b)) {
            fragments.push_back(fragment_of(h->text, taken));
            if (h->level > 3) continue;
            items += "<li class=\"level-" + std::to_string(std::max(h->level, 2)) + "\"><a href=\"#" +
                     fragments.back() + "\">" + escape_html(h->text) + "</a></li>\n";
        }
    if (fragments.size() < 2) return {};
    return "<nav class=\"contents\" aria-label=\"Contents\"><details open=\"open\"><summary>Contents</summary>\n<ol>\n" +
           items + "</ol>\n</details></nav>\n";
}

}  // namespace detail

KVT_DECL std::string html::render(document const& d) const {
    std::vector<std::string> fragments;
    auto const contents = detail::html_contents(d, fragments);
    std::string out = detail::html_head(d);
    out += "<body>\n<a class=\"skip\" href=\"#main\">Skip to content</a>\n<div class=\"page";
    out += contents.empty() ? "\">\n" : " with-contents\">\n" + contents;
    out += "<main id=\"main\">\n<header class=\"masthead\"><h1>" + escape_html(d.title) + "</h1>";
    if (!d.subtitle.empty()) out += "<p class=\"subtitle\">" + escape_html(d.subtitle) + "</p>";
    out += "</header>\n";

    detail::html_writer writer{out, d.folder, fragments};
    writer(d.blocks);
    if (!d.footer.empty()) out += "<footer>" + escape_html(d.footer) + "</footer>\n";
    return out + "</main>\n</div>\n</body>\n</html>\n";
}

}  // namespace kvt::inline KVT_ABI::report
