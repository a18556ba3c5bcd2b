// Loading a configuration: defaults, experiment, overrides and environment become settings that know where they came from.
#pragma once

#include <kvt/config/environment.hpp>
#include <kvt/config/merge.hpp>
#include <kvt/config/settings.hpp>
#include <kvt/config/validate.hpp>
#include <kvt/config/yaml.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::config {

/// A configuration and all that is known about it.
struct loaded {
    json resolved;                ///< merged, overridden, `${NAME}` filled in; may hold secrets
    json shown;                   ///< the same for people's eyes and for databases: secrets redacted
    config::settings settings;    ///< filled where `errors` is empty; keys in `optional` keep their defaults
    provenance origin;            ///< dotted key -> `file:line`, `override` or `default`
    std::vector<issue> errors;    ///< in the order of the specification; not empty: no command may go on
    std::vector<issue> optional;  ///< wrong optional keys: warnings until a stage needs them
    std::vector<issue> advice;    ///< warnings
    std::vector<unresolved_name> unresolved;

    /// Where a key was set; for a key nobody set, where the nearest key above it was.
    [[nodiscard]] std::string where(std::string_view key) const;
    /// Throws the first error, naming file, line and key, and how many more there are.
    void require_valid() const;
    /// Throws the first error, or the first wrong optional key in these sections or below these keys (`run`, `engine.request`).
    void require_valid(std::initializer_list<std::string_view> keys) const;
    /// One line each, to be printed behind `WARN: `: advice, wrong optional keys, placeholders that stayed.
    [[nodiscard]] std::vector<std::string> warnings() const;
    /// The resolved YAML without internal keys, secrets redacted (`--print-config`).
    [[nodiscard]] std::string printed() const;
    [[nodiscard]] std::string hash() const;  ///< spec A4
};

/// Merges the documents, applies the overrides, resolves the environment, validates. Throws `error` where a document's
/// top level is no mapping (null counts as empty) or an override is malformed; everything else is listed in the result.
[[nodiscard]] loaded load_documents(document const& defaults, document const& experiment,
                                    std::vector<std::string> const& overrides, environment const& env);

/// The same from files; an empty `experiment_path` means none. Throws `error{missing|io|malformed}` naming file and line.
[[nodiscard]] loaded load(std::string const& default_path, std::string const& experiment_path,
                          std::vector<std::string> const& overrides = {},
                          environment const& env = environment::of_process());

}  // namespace kvt::inline KVT_ABI::config

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/config/detail/load.ipp>
#endif
