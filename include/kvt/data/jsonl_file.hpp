// jsonl_file: a user's own JSON Lines file.
#pragma once

#include <kvt/data/load.hpp>

namespace kvt::inline KVT_ABI::data {

/// Rows in any of the forms that `canonical` knows; `path` names the file.
struct jsonl_file {
    static constexpr std::string_view name = "jsonl";

    std::string dataset = "jsonl";
    std::string task{};
    std::string path{};
    reading rows{};
    duplicates on_duplicate = duplicates::error;

    [[nodiscard]] std::vector<example> load(run_context& context) const {
        if (path.empty()) throw error{error_kind::usage, "dataset.path", "missing", "a JSON Lines file"};
        return load_examples(context, path, task, rows, on_duplicate);
    }
};
KVT_RECORD(jsonl_file, dataset, task, path, rows, on_duplicate);

}  // namespace kvt::inline KVT_ABI::data
