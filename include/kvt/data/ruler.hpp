// ruler: RULER's JSON Lines as its generator writes them.
#pragma once

#include <kvt/data/load.hpp>

namespace kvt::inline KVT_ABI::data {

/// Rows with index, input (the whole prompt), outputs and length (Hsieh et al.: "RULER", COLM 2024). The context stays
/// empty. Newer files put the beginning of the answer into `answer_prefix`, which is appended to the question, and the
/// needle's token position into `token_position_answer`, which is kept in `meta`. A task is `<root>/<task>.jsonl` or
/// `<root>/<task>/validation.jsonl`; `root` empty means `data/raw/<dataset>`.
struct ruler {
    static constexpr std::string_view name = "ruler";

    std::string dataset = "ruler";
    std::string task{};
    std::string path{};  ///< a file to read instead of looking the task up
    std::string root{};
    reading rows{};
    duplicates on_duplicate = duplicates::error;

    [[nodiscard]] std::vector<example> load(run_context& context) const {
        static constexpr std::string_view endings[] = {".jsonl", "/validation.jsonl"};
        auto const file = task_file(path, root.empty() ? "data/raw/" + dataset : root, task, endings);
        return load_examples(context, file, task, rows, on_duplicate, &complete);
    }

  private:
    static void complete(json& row) {
        auto const* prefix = row.find("answer_prefix");
        auto* input = row.find("input");
        if (prefix != nullptr && prefix->is_text() && input != nullptr && input->is_text())
            *input = input->text() + prefix->text();
    }
};
KVT_RECORD(ruler, dataset, task, path, root, rows, on_duplicate);

}  // namespace kvt::inline KVT_ABI::data
