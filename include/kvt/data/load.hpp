// A file of rows as canonical examples, and a task's file among those of a folder.
#pragma once

#include <kvt/data/canonical.hpp>
#include <kvt/data/jsonl.hpp>
#include <kvt/data/source.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::data {

/// What to do with a row before it is read as an example (a format's own fields); may be null.
using row_change = void (*)(json& row);

/// Reads a JSON Lines file. Every row that cannot become an example is reported: up to ten with their lines in one
/// `data_error{normalize}`, or left out and counted on the context's progress under `bad_rows::skip`. Throws
/// `data_error{no_rows}` where nothing is left.
[[nodiscard]] std::vector<example> load_examples(run_context& context, std::string const& path, std::string_view task,
                                                 reading how = {}, duplicates on_duplicate = duplicates::error,
                                                 row_change change = nullptr);

/// `path` where it is not empty, else the first existing file of `<root>/<task><ending>`. Throws
/// `data_error{unknown_task}` naming up to ten tasks that the folder has, and how many there are.
[[nodiscard]] std::string task_file(std::string const& path, std::string const& root, std::string_view task,
                                    std::span<std::string_view const> endings);

}  // namespace kvt::inline KVT_ABI::data

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/data/detail/load.ipp>
#endif
