// longbench: LongBench's JSON Lines as published, one file a task.
#pragma once

#include <kvt/data/load.hpp>

namespace kvt::inline KVT_ABI::data {

/// Rows with input, context, answers, length, dataset, language, all_classes and _id (Bai et al.: "LongBench", ACL 2024).
/// `task` is the exact, case-sensitive file name without `.jsonl`; `root` empty means `data/raw/<dataset>`.
struct longbench {
    static constexpr std::string_view name = "longbench";

    std::string dataset = "longbench";
    std::string task{};
    std::string path{};  ///< a file to read instead of looking the task up
    std::string root{};
    reading rows{};
    duplicates on_duplicate = duplicates::error;

    [[nodiscard]] std::vector<example> load(run_context& context) const;
};
KVT_RECORD(longbench, dataset, task, path, root, rows, on_duplicate);

}  // namespace kvt::inline KVT_ABI::data

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/data/detail/longbench.ipp>
#endif
