// YAML (1.2, core schema) to JSON values that remember their lines, and back.
#pragma once

#include <kvt/core/json.hpp>

#include <map>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::config {

/// The line (from 1) on which each dotted key stands: `kv.budgets`, `kv.budgets[1]`.
using line_map = std::map<std::string, std::size_t, std::less<>>;

/// A document and where it came from.
struct document {
    json value;
    std::string path;  ///< named in messages; empty where there is no file
    line_map lines;
};

/// Reads one YAML document of block and flow mappings and sequences, comments, anchors and scalars. Plain scalars follow
/// the core rules of `resolve_scalar`; quoted ones are text. Empty text is null. At most 4 MiB, 256 levels and a
/// million nodes with aliases written out. Throws `error{malformed}` naming `where:line`.
[[nodiscard]] document parse_yaml_document(std::string_view text, std::string_view where = "YAML");
[[nodiscard]] json parse_yaml(std::string_view text, std::string_view where = "YAML");
/// Throws `error{missing|io|malformed}` naming the file.
[[nodiscard]] document read_yaml_file(std::string const& path);

/// What an unquoted scalar stands for (YAML 1.2, section 10.3): null is empty, `~`, `null`, `Null`, `NULL`; booleans are
/// `true`, `True`, `TRUE`, `false`, `False`, `FALSE`; integers are decimal; numbers may have a point, an exponent, or be
/// `.inf` or `.nan`; an integer beyond 64 bits becomes a number, a number beyond a double stays text; all else is text
/// (`yes`, `0x1F`, `12:30` too).
[[nodiscard]] json resolve_scalar(std::string_view text);

/// Block YAML that reads back as the same value; lists of scalars on one line.
[[nodiscard]] std::string dump_yaml(json const& value);

}  // namespace kvt::inline KVT_ABI::config

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/config/detail/yaml.ipp>
#endif
