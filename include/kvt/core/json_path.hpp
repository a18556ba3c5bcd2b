// Values of nested JSON objects by dotted key.
#pragma once

#include <kvt/core/json.hpp>

#include <string_view>

namespace kvt::inline KVT_ABI {

/// The value at a dotted key such as `engine.request.timeout_s`, or null where there is none.
[[nodiscard]] inline json const* value_at(json const& in, std::string_view key) {
    json const* at = &in;
    while (at != nullptr && !key.empty()) {
        auto const dot = key.find('.');
        at = at->find(key.substr(0, dot));
        key = dot == key.npos ? std::string_view{} : key.substr(dot + 1);
    }
    return at;
}

}  // namespace kvt::inline KVT_ABI
