#pragma once

#include <kvt/config/detail/environment.ipp>
#include <kvt/config/paths.hpp>
#include <kvt/core/error.hpp>
#include <kvt/core/trim.hpp>

#include <filesystem>

namespace kvt::inline KVT_ABI::config {
namespace detail {

inline std::string id_of(std::string_view text, std::string_view what) {
    auto const id = trim(text);
    if (id.empty()) throw error{error_kind::usage, std::string{what}, "is blank", "a name"};
    return std::string{id};
}

}  // namespace detail

KVT_DECL std::string paths::below(std::string_view path) const {
    return path.starts_with('/') ? std::string{path} : root_ + "/" + std::string{path};
}
KVT_DECL std::string paths::data_dir() const { return below("data"); }
KVT_DECL std::string paths::raw_dir(std::string_view dataset_name) const {
    return data_dir() + "/raw/" + detail::id_of(dataset_name, "dataset.name");
}
KVT_DECL std::string paths::processed_dir(std::string_view dataset_id) const {
    return data_dir() + "/processed/" + detail::id_of(dataset_id, "dataset id");
}
KVT_DECL std::string paths::manifest_path(std::string_view dataset_id) const {
    return processed_dir(dataset_id) + "/manifest.json";
}
KVT_DECL std::string paths::runs_dir() const { return below("runs"); }
KVT_DECL std::string paths::run_dir(std::string_view exp_group_id) const {
    return runs_dir() + "/" + detail::id_of(exp_group_id, "output.exp_group_id");
}
KVT_DECL std::string paths::plots_dir(std::string_view exp_group_id) const { return run_dir(exp_group_id) + "/plots"; }
KVT_DECL std::string paths::report_path(std::string_view exp_group_id) const {
    return run_dir(exp_group_id) + "/report.md";
}
KVT_DECL std::string paths::db_path(std::string_view exp_group_id, std::optional<std::string> const& configured) const {
    auto const given = configured ? trim(*configured) : std::string_view{};
    bool const automatic =
        given.empty() || (given.size() == 4 && (given[0] | 0x20) == 'a' && (given[1] | 0x20) == 'u' &&
                          (given[2] | 0x20) == 't' && (given[3] | 0x20) == 'o');
    return automatic ? run_dir(exp_group_id) + "/kv_transition.sqlite" : below(given);
}

KVT_DECL std::string dataset_id(std::string_view name, std::string_view task) {
    return detail::id_of(name, "dataset.name") + "__" + detail::id_of(task, "dataset.task");
}

KVT_DECL std::string find_root(std::string const& given) {
    namespace fs = std::filesystem;
    std::error_code status;
    auto const here = fs::current_path(status);
    auto const plain = [&](fs::path const& named) {
        auto path = (here / named).lexically_normal();
        return path.has_filename() ? path.string() : path.parent_path().string();  // without a slash at the end
    };
    if (!given.empty()) return plain(given);
    if (char const* named = std::getenv("KVT_ROOT"); named != nullptr && *named != '\0') return plain(named);
    for (auto at = here;; at = at.parent_path()) {
        if (fs::exists(at / "config/default.yaml", status) || fs::exists(at / ".git", status)) return at.string();
        if (at == at.parent_path()) return here.string();
    }
}

}  // namespace kvt::inline KVT_ABI::config
