// The project's own files, as the shape tests look at them.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace shape {

inline std::string root() {
    auto const* set = std::getenv("KVT_ROOT");
    return set != nullptr ? set : ".";
}

inline std::string read(std::string const& path) {
    std::ifstream in{root() + "/" + path, std::ios::binary};
    if (!in) throw std::runtime_error{"cannot read " + path};
    return (std::ostringstream{} << in.rdbuf()).str();
}

inline std::vector<std::string> lines_of(std::string const& text) {
    std::vector<std::string> lines;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

/// A file of include/kvt; `path` is relative to that folder.
struct source {
    std::string path, folder;             // the folder is empty for kvt.hpp and version.hpp
    std::vector<std::string> lines;
    std::vector<std::string> own, other;  // what it includes: of kvt (relative to include/kvt), of others

    [[nodiscard]] bool header() const { return path.ends_with(".hpp"); }
    [[nodiscard]] bool detail() const { return path.find("detail/") != std::string::npos; }
};

inline source read_source(std::string const& path) {
    source file;
    file.path = path;
    auto const slash = path.find('/');
    file.folder = slash == std::string::npos ? "" : path.substr(0, slash);
    file.lines = lines_of(read("include/kvt/" + path));
    for (auto const& line : file.lines) {
        if (!line.starts_with("#include")) continue;
        auto const open = line.find_first_of("<\""), close = line.find_last_of(">\"");
        auto const name = line.substr(open + 1, close - open - 1);
        if (name.starts_with("kvt/")) file.own.push_back(name.substr(4));
        else file.other.push_back(name);
    }
    return file;
}

/// Every header, definition file and source under include/kvt.
inline std::vector<source> const& sources() {
    static std::vector<source> const all = [] {
        namespace fs = std::filesystem;
        std::vector<source> found;
        fs::path const top = fs::path{root()} / "include/kvt";
        for (auto const& entry : fs::recursive_directory_iterator{top})
            if (entry.is_regular_file()) found.push_back(read_source(fs::relative(entry.path(), top).generic_string()));
        std::ranges::sort(found, {}, &source::path);
        return found;
    }();
    return all;
}

/// The words in backquotes of a line.
inline std::vector<std::string> quoted(std::string_view text) {
    std::vector<std::string> words;
    for (std::size_t open = 0; (open = text.find('`', open)) != std::string_view::npos;) {
        auto const close = text.find('`', open + 1);
        if (close == std::string_view::npos) break;
        words.emplace_back(text.substr(open + 1, close - open - 1));
        open = close + 1;
    }
    return words;
}

/// The rows of the table under a heading of docs/architecture.md, as cells.
inline std::vector<std::vector<std::string>> table_under(std::string const& heading) {
    std::vector<std::vector<std::string>> rows;
    bool inside = false;
    for (auto const& line : lines_of(read("docs/architecture.md"))) {
        if (line.starts_with("## ")) inside = line == "## " + heading;
        else if (inside && !rows.empty() && !line.starts_with("|")) break;
        else if (inside && line.starts_with("| ") && line.find('`') != std::string::npos) {
            auto& cells = rows.emplace_back();
            std::istringstream in{line.substr(1)};
            for (std::string cell; std::getline(in, cell, '|');) cells.push_back(cell);
        }
    }
    return rows;
}

/// Whether `text` follows `pattern`, in which `*` stands for any characters.
inline bool matches(std::string_view pattern, std::string_view text) {
    if (pattern.empty()) return text.empty();
    if (pattern.front() == '*')
        return matches(pattern.substr(1), text) || (!text.empty() && matches(pattern, text.substr(1)));
    return !text.empty() && pattern.front() == text.front() && matches(pattern.substr(1), text.substr(1));
}

}  // namespace shape
