// Rows of any published form as canonical examples (spec D2).
#pragma once

#include <kvt/data/example.hpp>
#include <kvt/data/fault.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::data {

/// The row as an example. Question: the first of question, query, input, prompt that is not null. Context: the first of
/// context, passage, article, document, text that is not null, else empty. Answers: the first of answers, answer, target,
/// output, ground_truth, outputs that is present. Strings are trimmed; numbers become their shortest text. `meta` takes the
/// row's own `meta`, its length, language, all_classes, dataset and token_position_answer, then `task` and `source_keys`.
/// Throws `data_error` naming `where`.
[[nodiscard]] example canonical(json const& row, std::string_view task, std::string_view where = "row");

/// The id of a row that brings none: `<task>_` and 16 hex digits of SHA-256 over the JSON object of the sorted answers,
/// context, question and task. The order of the answers does not matter.
[[nodiscard]] std::string content_id(example const& e, std::string_view task);

/// What a second example with the same id does: stop everything, or get `#k` as the id's k-th holder (k counts on where
/// that id is taken as well).
enum class duplicates : std::uint8_t { error, suffix };
KVT_CHOICE(duplicates, "error", "suffix");

/// Makes the ids unique, or throws `data_error{duplicate_id}` naming up to ten.
void settle_duplicates(std::span<example> examples, duplicates rule, std::string_view where);

}  // namespace kvt::inline KVT_ABI::data

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/data/detail/canonical.ipp>
#endif
