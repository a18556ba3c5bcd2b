// What is wrong with a configuration: codes, keys and one line each (spec A3).
#pragma once

#include <kvt/core/json.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::config {

enum class issue_code : std::uint8_t { missing, type, min, empty, value, range, duplicate, unknown };
KVT_CHOICE(issue_code, "MISSING", "TYPE", "MIN", "EMPTY", "VALUE", "RANGE", "DUPLICATE", "UNKNOWN");

/// One thing that is wrong.
struct issue {
    std::string key;    ///< dotted, `kv.budgets[1]`
    issue_code code = issue_code::missing;
    std::string problem;
    std::string expected;
    std::string where;  ///< `file:line`, or `override`; empty where unknown

    /// `file:line: key: problem; expected ...`
    [[nodiscard]] std::string line() const;
    /// The same as an exception of kind `malformed` (`missing` for MISSING).
    [[nodiscard]] error as_error() const;
};
KVT_RECORD(issue, key, code, problem, expected, where);

/// Errors of the keys every command needs, in the order of the specification, one per key; then keys that no known
/// section knows, each with the nearest known one.
[[nodiscard]] std::vector<issue> validate(json const& config);

/// Errors of all other keys: types, ranges, combinations. The stage that uses a key refuses it; until then its default
/// stands.
[[nodiscard]] std::vector<issue> validate_optional(json const& config);

/// Things that do no harm but are not what somebody meant: sections and keys nothing reads, two pacing keys.
[[nodiscard]] std::vector<issue> advise(json const& config);

}  // namespace kvt::inline KVT_ABI::config

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/config/detail/validate.ipp>
#endif
