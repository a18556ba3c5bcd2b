// Laying one configuration document over another, remembering who set what.
#pragma once

#include <kvt/core/json.hpp>

#include <map>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::config {

/// Where each dotted key got its value: `file:line`, `override` or `default`.
using provenance = std::map<std::string, std::string, std::less<>>;

/// Lays `over` on `base`: mapping on mapping merges key by key; anything else (a list, a scalar, null) replaces.
void merge(json& base, json over);

/// Forgets what is known of a key and of all keys below it.
void forget(provenance& origins, std::string_view key);

namespace detail {

/// Calls `f(key)` for the value at `key` and every value below it.
template <class F> void each_key(json const& value, std::string const& key, F const& f) {
    f(key);
    if (value.is_array())
        for (std::size_t i = 0; i < value.size(); ++i)
            each_key(value.items()[i], key + "[" + std::to_string(i) + "]", f);
    if (value.is_object())
        for (auto const& [name, item] : value.members()) each_key(item, key + "." + name, f);
}

template <class Source>
void merge_at(json& base, json const& over, std::string const& parent, provenance& origins, Source const& source) {
    for (auto const& [name, item] : over.members()) {
        auto const key = parent.empty() ? name : parent + "." + name;
        auto* held = base.find(name);
        if (held != nullptr && held->is_object() && item.is_object()) {
            origins.insert_or_assign(key, source(key));
            merge_at(*held, item, key, origins, source);
            continue;
        }
        forget(origins, key);
        each_key(item, key, [&](std::string const& k) { origins.insert_or_assign(k, source(k)); });
        base[name] = item;
    }
}

}  // namespace detail

/// Lays `over` on `base` and records for every key that `over` sets where it came from: `source(key)`.
template <class Source> void merge(json& base, json const& over, provenance& origins, Source const& source) {
    if (base.is_object() && over.is_object()) detail::merge_at(base, over, "", origins, source);
    else base = over;
}

}  // namespace kvt::inline KVT_ABI::config

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/config/detail/merge.ipp>
#endif
