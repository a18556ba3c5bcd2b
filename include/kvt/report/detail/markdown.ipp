#pragma once

#include <kvt/report/detail/link.ipp>
#include <kvt/report/markdown.hpp>
#include <kvt/report/plain_text.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::report {

namespace detail {

KVT_DECL bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

KVT_DECL std::string trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(' ');
    return first == text.npos ? std::string{} : std::string{text.substr(first, text.find_last_not_of(' ') + 1 - first)};
}

/// The length of the longest run of backticks.
KVT_DECL std::size_t longest_ticks(std::string_view text) {
    std::size_t longest = 0, run = 0;
    for (char c : text) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
    return longest;
}

/// Where a phrase stands: GitHub's tables split at `|` even within code.
enum class markdown_place : std::uint8_t { line, cell };

KVT_DECL std::string code_span(std::string_view raw, markdown_place place) {
    std::string text = plain_text(raw);
    if (text.find_first_not_of(' ') == text.npos) return {};
    std::string const fence(longest_ticks(text) + 1, '`');
    bool const edge = text.front() == '`' || text.back() == '`' || (text.front() == ' ' && text.back() == ' ');
    if (place == markdown_place::cell)
        for (std::size_t i = 0; (i = text.find('|', i)) != text.npos; i += 2) text.insert(i, 1, '\\');
    return fence + (edge ? " " : "") + text + (edge ? " " : "") + fence;
}

KVT_DECL std::string piece_text(phrase::piece const& p, markdown_place place) {
    if (p.emphasis == emphasis::code) return code_span(p.text, place);
    auto const folded = plain_text(p.text);
    auto const inner = escape_markdown(folded);
    // Marks must touch words, so blanks at the edges stand outside them.
    std::string const before = folded.starts_with(' ') ? " " : "", after = folded.ends_with(' ') ? " " : "";
    if (inner.empty()) return before;
    auto const around = [&](std::string_view mark) {
        return before + std::string{mark} + inner + std::string{mark} + after;
    };
    switch (p.emphasis) {
        case emphasis::strong: return around("**");
        case emphasis::slight: return around("*");
        case emphasis::link: {
            auto const target = link_target(p.target);
            return before + (target.empty() ? inner : "[" + inner + "](" + target + ")") + after;
        }
        default: return before + inner + after;
    }
}

KVT_DECL std::string phrase_text(phrase const& text, markdown_place place = markdown_place::line) {
    std::string out;
    auto const& pieces = text.pieces();
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        auto piece = pieces[i];
        // Neighbours of one kind become one piece: their marks would run together into other marks.
        while (piece.emphasis != emphasis::link && i + 1 < pieces.size() && pieces[i + 1].emphasis == piece.emphasis)
            piece.text += pieces[++i].text;
        out += piece_text(piece, place);
    }
    return trimmed(out);
}

/// Appends one block, without the blank line behind it.
struct markdown_writer {
    std::string& out;

    void operator()(heading const& h) const {
        out += std::string(static_cast<std::size_t>(std::clamp(h.level, 2, 6)), '#') + " " + escape_markdown(h.text) +
               "\n";
    }
    void operator()(paragraph const& p) const { out += phrase_text(p.text) + "\n"; }
    void operator()(note const& n) const {
        auto const text = phrase_text(n.text);
        out += "> ";
        if (!n.label.empty()) out += "**" + escape_markdown(n.label) + "**" + (text.empty() ? "" : ": ");
        out += text + "\n";
    }
    void operator()(bullets const& b) const {
        for (auto const& item : b.items) out += "- " + phrase_text(item) + "\n";
    }
    void operator()(facts const& f) const {
        for (auto const& item : f.items)
            out += "- **" + escape_markdown(item.name) + ":** " + phrase_text(item.value) + "\n";
    }
    void operator()(highlights const& h) const {
        for (auto const& item : h.items)
            out += "- **" + escape_markdown(item.value) + "** " + escape_markdown(item.label) +
                   (item.detail.empty() ? "" : " (" + escape_markdown(item.detail) + ")") + "\n";
    }
    void operator()(verdict const& v) const {
        out += "**" + escape_markdown(v.label) + ": " + escape_markdown(v.value) + "**" +
               (v.detail.empty() ? "" : " (" + escape_markdown(v.detail) + ")") + "\n";
    }
    void operator()(table const& t) const {
        if (t.columns.empty()) return;
        if (!t.caption.empty()) out += "*" + escape_markdown(t.caption) + "*\n\n";
        std::vector<std::vector<std::string>> lines(1);
        for (auto const& c : t.columns) lines[0].push_back(escape_markdown(c.label));
        for (auto const& row : t.rows) {
            auto& line = lines.emplace_back();
            for (std::size_t i = 0; i < row.size(); ++i)
                line.push_back(t.columns[i].face == cell_face::code ? code_span(row[i], markdown_place::cell)
                                                                    : escape_markdown(row[i]));
        }
        // Padded so that the source reads as a table too; very long cells pad nothing but themselves.
        std::vector<std::size_t> widths(t.columns.size(), 3);
        for (auto const& line : lines)
            for (std::size_t i = 0; i < widths.size(); ++i)
                widths[i] = std::max(widths[i], std::min<std::size_t>(display_width(line[i]), 40));
        row_line(t, lines[0], widths);
        for (std::size_t i = 0; i < widths.size(); ++i)
            out += "|" + std::string(widths[i] + 1, '-') + (t.columns[i].align == cell_align::right ? ":" : "-");
        out += "|\n";
        for (std::size_t i = 1; i < lines.size(); ++i) row_line(t, lines[i], widths);
    }
    void operator()(figure const& f) const {
        auto const target = link_target(f.png.empty() ? f.svg : f.png);
        out += "![" + escape_markdown(f.alt.empty() ? f.caption : f.alt) + "](" + target + ")\n";
        if (!f.caption.empty()) out += "\n*" + escape_markdown(f.caption) + "*\n";
    }
    void operator()(code_block const& c) const {
        auto const text = plain_text(c.text, line_breaks::kept);
        std::string const fence(std::max<std::size_t>(3, longest_ticks(text) + 1), '`');
        std::string language;
        for (char letter : c.language)
            if (is_word(letter) || letter == '+' || letter == '-') language += letter;
        out += fence + language + "\n" + text + (text.empty() || text.ends_with('\n') ? "" : "\n") + fence + "\n";
    }
    void operator()(folded const& f) const {
        out += "**" + escape_markdown(f.summary) + "**\n";
        for (auto const& b : f.blocks) {
            auto const start = out.size();
            std::visit(*this, b);
            if (out.size() > start) out.insert(start, 1, '\n');
        }
    }

  private:
    void row_line(table const& t, std::vector<std::string> const& cells, std::vector<std::size_t> const& widths) const {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            auto const width = display_width(cells[i]);
            std::string const gap(width < widths[i] ? widths[i] - width : 0, ' ');
            out += "| " + (t.columns[i].align == cell_align::right ? gap + cells[i] : cells[i] + gap) + " ";
        }
        out += "|\n";
    }
};

}  // namespace detail

KVT_DECL std::string escape_markdown(std::string_view raw) {
    static constexpr std::string_view always = "\\`*[]<>|~$&";
    auto const text = detail::trimmed(plain_text(raw));
    auto const digits = std::min(text.find_first_not_of("0123456789"), text.size());
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        bool escaped = always.find(c) != always.npos;
        if (c == '_')
            escaped = i == 0 || i + 1 == text.size() || !detail::is_word(text[i - 1]) || !detail::is_word(text[i + 1]);
        if (c == '#') escaped = i == 0 || text[i - 1] == ' ' || text[i - 1] == '#';
        if (i == 0 && (c == '+' || c == '-' || c == '=')) escaped = true;  // a list or a rule
        if (i == digits && i > 0 && (c == '.' || c == ')'))                // a numbered list
            escaped = i + 1 == text.size() || text[i + 1] == ' ';
        if (escaped) out += '\\';
        out += c;
    }
    return out;
}

KVT_DECL std::string markdown::render(document const& d) const {
    std::string out = "# " + escape_markdown(d.title) + "\n";
    if (!d.subtitle.empty()) out += "\n" + escape_markdown(d.subtitle) + "\n";
    for (auto const& b : d.blocks) {
        auto const start = out.size();
        std::visit(detail::markdown_writer{out}, b);
        if (out.size() > start) out.insert(start, 1, '\n');
    }
    if (!d.footer.empty()) out += "\n---\n\n" + escape_markdown(d.footer) + "\n";
    return out;
}

}  // namespace kvt::inline KVT_ABI::report
