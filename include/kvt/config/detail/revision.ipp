#pragma once

#include <kvt/config/revision.hpp>
#include <kvt/core/text_file.hpp>

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace kvt::inline KVT_ABI::config {
namespace detail {

/// The file without its line end; empty where there is none.
inline std::string line_of(std::string const& path) {
    std::error_code none;
    if (!std::filesystem::is_regular_file(path, none)) return {};
    auto text = read_file(path);
    text.erase(std::min(text.find('\n'), text.size()));
    return text;
}

inline std::string after(std::string const& text, std::string_view prefix) {
    return text.starts_with(prefix) ? text.substr(prefix.size()) : std::string{};
}

/// The commit of a reference that git packed away with others.
inline std::string packed_commit(std::string const& folder, std::string const& reference) {
    auto const path = folder + "/packed-refs";
    if (!file_exists(path)) return {};
    auto const text = read_file(path);
    auto const at = text.find(" " + reference + "\n");
    return at == std::string::npos || at < 40 ? std::string{} : text.substr(at - 40, 40);
}

}  // namespace detail

KVT_DECL std::string code_revision(std::string const& root) {
    std::string folder = root + "/.git";
    if (auto const elsewhere = detail::after(detail::line_of(folder), "gitdir: "); !elsewhere.empty())
        folder = elsewhere.front() == '/' ? elsewhere : root + "/" + elsewhere;
    auto const head = detail::line_of(folder + "/HEAD");
    auto const reference = detail::after(head, "ref: ");
    if (reference.empty()) return head;
    auto common = detail::line_of(folder + "/commondir");  // of a linked work tree
    common = common.empty() ? folder : common.front() == '/' ? common : folder + "/" + common;
    auto const commit = detail::line_of(common + "/" + reference);
    return commit.empty() ? detail::packed_commit(common, reference) : commit;
}

}  // namespace kvt::inline KVT_ABI::config
