// ${NAME} in configuration values, and the .env file.
#pragma once

#include <kvt/core/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::config {

using variables = std::map<std::string, std::string, std::less<>>;

/// Where `${NAME}` looks: the process's environment first (unless isolated), then variables of its own.
class environment {
  public:
    /// Only these variables: for tests and for reproducible resolution.
    explicit environment(variables own) : own_{std::move(own)}, process_{false} {}
    /// The process's environment, and behind it what the file `.env` at `dotenv` says, where there is one.
    [[nodiscard]] static environment of_process(std::string const& dotenv = ".env");

    [[nodiscard]] std::optional<std::string> find(std::string_view name) const;

  private:
    variables own_;
    bool process_ = true;
};

/// A `${NAME}` that stayed, and the dotted key it stands in.
struct unresolved_name {
    std::string key;
    std::string name;
};

/// Replaces `${NAME}` in every text value, never in keys. Placeholders are found once, from left to right; each found
/// name that is set replaces all its occurrences, each that is not stays and is listed, once per occurrence. A value that
/// brings in a placeholder is expanded only where the same name comes later in the original text.
[[nodiscard]] std::vector<unresolved_name> resolve_environment(json& value, environment const& from);

/// Whether the text still holds a `${NAME}`.
[[nodiscard]] bool has_placeholder(std::string_view text);

/// Lines `NAME=value` of a .env file: `#` comments, blank lines, an optional `export `, optional quotes around the value;
/// unquoted values end before ` #`. Throws `error{malformed}` naming the line, never the value.
[[nodiscard]] variables parse_dotenv(std::string_view text, std::string_view where = ".env");

/// Puts the variables of a .env file into the process's environment, so that keys are found where engines look for them;
/// variables that exist win. Nothing happens without the file. Call it before threads start.
void export_dotenv(std::string const& path = ".env");

}  // namespace kvt::inline KVT_ABI::config

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/config/detail/environment.ipp>
#endif
