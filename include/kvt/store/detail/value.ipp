#pragma once

#include <kvt/core/json.hpp>
#include <kvt/store/value.hpp>

namespace kvt::inline KVT_ABI::store {

KVT_DECL bool value::equal(value const& a, value const& b) { return a.held_ == b.held_; }
KVT_DECL bool value::less(value const& a, value const& b) { return a.held_ < b.held_; }

KVT_DECL std::string spelled(value const& v) {
    if (auto const* i = v.integer()) return std::to_string(*i);
    if (auto const* d = v.real()) return shortest(*d);
    if (v.is_null()) return "null";
    constexpr std::size_t longest = 60;
    auto const& text = *v.text();
    std::string out;
    append_quoted(out, std::string_view{text}.substr(0, longest));
    return text.size() > longest ? out + "..." : out;
}

}  // namespace kvt::inline KVT_ABI::store
