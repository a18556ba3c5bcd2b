#pragma once

#include <kvt/core/nearest_name.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/data/load.hpp>

#include <algorithm>
#include <filesystem>
#include <set>

namespace kvt::inline KVT_ABI::data {

namespace detail {

/// Throws where rows had to be refused; `bad` holds the first messages.
KVT_DECL void refuse_bad_rows(skipped_rows const& bad, std::string const& path) {
    std::string messages;
    for (auto const& message : bad.first) messages += (messages.empty() ? "" : " | ") + message;
    throw data_error{fault::normalize, path,
                     std::to_string(bad.count) + " rows cannot be read as examples: " + messages};
}

/// What `<root>/*<ending>` is called without its ending, for every ending.
KVT_DECL std::set<std::string> tasks_in(std::string const& root, std::span<std::string_view const> endings) {
    namespace fs = std::filesystem;
    std::set<std::string> tasks;
    std::error_code ignored;
    for (auto const& entry : fs::directory_iterator{root, ignored}) {
        for (auto ending : endings) {
            auto const name = entry.path().filename().string();
            if (ending.front() == '/') {
                if (fs::is_regular_file(entry.path().string() + std::string{ending}, ignored)) tasks.insert(name);
            } else if (name.size() > ending.size() && name.ends_with(ending)) {
                tasks.insert(name.substr(0, name.size() - ending.size()));
            }
        }
    }
    return tasks;
}

}  // namespace detail

KVT_DECL std::vector<example> load_examples(run_context& context, std::string const& path, std::string_view task,
                                            reading how, duplicates on_duplicate, row_change change) {
    jsonl_reader reader{path, how};
    std::vector<example> examples;
    skipped_rows bad;
    for (json row; reader.next(row);) {
        try {
            if (change != nullptr && row.is_object()) change(row);
            examples.push_back(canonical(row, task, ""));
        } catch (data_error const& problem) {  // named here, so that good rows need no name
            bad.add(reader.where() + ": " + problem.what());
        }
    }
    if (bad.count > 0 && how.on_bad_row == bad_rows::stop) detail::refuse_bad_rows(bad, path);
    if (auto const total = bad.count + reader.skipped().count; total > 0) {
        auto const& message = bad.first.empty() ? reader.skipped().first.front() : bad.first.front();
        context.progress.say(path + ": left out " + std::to_string(total) + " bad rows, among them " + message);
    }
    if (examples.empty()) throw data_error{fault::no_rows, path, "no rows", "at least one example"};
    settle_duplicates(examples, on_duplicate, path);
    return examples;
}

KVT_DECL std::string task_file(std::string const& path, std::string const& root, std::string_view task,
                               std::span<std::string_view const> endings) {
    constexpr std::size_t shown = 10;
    if (!path.empty()) return path;
    std::string const start = root + "/" + std::string{task};
    for (auto ending : endings)
        if (auto file = start + std::string{ending}; file_exists(file)) return file;
    auto const tasks = detail::tasks_in(root, endings);
    std::string known;
    std::size_t listed = 0;
    for (auto const& t : tasks)
        if (listed++ < shown) known += (known.empty() ? "" : ", ") + t;
    auto const near = nearest_name(task, tasks);
    throw data_error{fault::unknown_task, root,
                     "no task \"" + std::string{task} + "\"" + (near.empty() ? "" : " (did you mean " + near + "?)"),
                     tasks.empty() ? "a file " + start + std::string{endings.front()}
                                   : "one of its " + std::to_string(tasks.size()) + " tasks: " + known +
                                         (tasks.size() > shown ? ", ..." : ""),
                     error_kind::missing};
}

}  // namespace kvt::inline KVT_ABI::data
