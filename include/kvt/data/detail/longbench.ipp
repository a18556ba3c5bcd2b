#pragma once

#include <kvt/data/longbench.hpp>

namespace kvt::inline KVT_ABI::data {

KVT_DECL std::vector<example> longbench::load(run_context& context) const {
    static constexpr std::string_view endings[] = {".jsonl"};
    auto const file = task_file(path, root.empty() ? "data/raw/" + dataset : root, task, endings);
    return load_examples(context, file, task, rows, on_duplicate);
}

}  // namespace kvt::inline KVT_ABI::data
