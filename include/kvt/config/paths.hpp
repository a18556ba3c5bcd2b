// Where everything lies below the root (spec B). Lexical: asking for a path touches nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <kvt/version.hpp>

namespace kvt::inline KVT_ABI::config {

/// Paths below one root. Ids are trimmed; a blank one throws `error{usage}`.
class paths {
  public:
    explicit paths(std::string root) : root_{std::move(root)} {}

    [[nodiscard]] std::string const& root() const { return root_; }
    [[nodiscard]] std::string data_dir() const;
    [[nodiscard]] std::string raw_dir(std::string_view dataset_name) const;
    [[nodiscard]] std::string processed_dir(std::string_view dataset_id) const;
    [[nodiscard]] std::string manifest_path(std::string_view dataset_id) const;
    [[nodiscard]] std::string runs_dir() const;
    [[nodiscard]] std::string run_dir(std::string_view exp_group_id) const;
    [[nodiscard]] std::string plots_dir(std::string_view exp_group_id) const;
    [[nodiscard]] std::string report_path(std::string_view exp_group_id) const;
    /// `configured` is `db.path`: absent, blank or `auto` is the group's own file; else absolute as it is, or below the
    /// root.
    [[nodiscard]] std::string db_path(std::string_view exp_group_id,
                                      std::optional<std::string> const& configured = {}) const;
    /// A path from the configuration: absolute as it is, or below the root.
    [[nodiscard]] std::string below(std::string_view path) const;

  private:
    std::string root_;
};

/// `<name>__<task>`, both trimmed; a blank part throws `error{usage}`.
[[nodiscard]] std::string dataset_id(std::string_view name, std::string_view task);

/// The root: `given` (from --root) where it is not empty, else the variable KVT_ROOT, else the nearest folder from the
/// working directory upwards that holds `config/default.yaml` or `.git`, else the working directory. Absolute.
[[nodiscard]] std::string find_root(std::string const& given = {});

}  // namespace kvt::inline KVT_ABI::config

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/config/detail/paths.ipp>
#endif
