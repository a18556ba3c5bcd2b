#pragma once

#include <kvt/core/hash.hpp>
#include <kvt/data/canonical.hpp>
#include <kvt/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace kvt::inline KVT_ABI::data {

namespace detail {

inline constexpr std::array<std::string_view, 4> question_keys{"question", "query", "input", "prompt"};
inline constexpr std::array<std::string_view, 5> context_keys{"context", "passage", "article", "document", "text"};
inline constexpr std::array<std::string_view, 6> answer_keys{"answers", "answer",       "target",
                                                             "output",  "ground_truth", "outputs"};
inline constexpr std::array<std::string_view, 5> id_keys{"id", "example_id", "_id", "idx", "index"};
inline constexpr std::array<std::string_view, 5> copied_keys{"length", "language", "all_classes", "dataset",
                                                             "token_position_answer"};

/// A scalar's text, trimmed; null has none. `where` names the row, `key` the member.
KVT_DECL std::string scalar_text(json const& value, std::string_view where, std::string_view key) {
    if (value.is_text()) return std::string{text::trim(value.text())};
    if (value.is_number()) return dump(value);
    throw data_error{fault::bad_type, std::string{where}, std::string{key} + " is " + std::string{value.type_name()},
                     "a string or a number"};
}

/// The first of the keys whose value is not null, as text.
KVT_DECL std::optional<std::string> first_text(json const& row, std::span<std::string_view const> keys,
                                               std::string_view where) {
    for (auto key : keys)
        if (auto const* value = row.find(key); value != nullptr && !value->is_null())
            return scalar_text(*value, where, key);
    return std::nullopt;
}

KVT_DECL std::vector<std::string> answers_of(json const& row, std::string_view where) {
    json const* value = nullptr;
    std::string_view key;
    for (auto k : answer_keys)
        if (value = row.find(k), key = k; value != nullptr) break;
    if (value == nullptr || value->is_null())
        throw data_error{fault::missing_answers, std::string{where}, "no answers",
                         "one of answers, answer, target, output, ground_truth, outputs"};
    std::vector<std::string> answers;
    auto const add = [&](json const& item) {
        if (item.is_null()) return;
        if (auto answer = scalar_text(item, where, key); !answer.empty()) answers.push_back(std::move(answer));
    };
    if (value->is_array()) std::for_each(value->items().begin(), value->items().end(), add);
    else add(*value);
    if (answers.empty())
        throw data_error{fault::empty_answers, std::string{where}, std::string{key} + " holds only blanks"};
    return answers;
}

KVT_DECL json meta_of(json const& row, std::string_view task) {
    json meta = json{json::object{}};
    if (auto const* own = row.find("meta"); own != nullptr && own->is_object()) meta = *own;
    for (auto key : copied_keys)
        if (auto const* value = row.find(key)) meta[key] = *value;
    meta["task"] = task;
    json::array keys;
    for (auto const& [key, value] : row.members()) keys.emplace_back(key);
    meta["source_keys"] = std::move(keys);
    return meta;
}

}  // namespace detail

KVT_DECL example canonical(json const& row, std::string_view task, std::string_view where) {
    if (!row.is_object())
        throw data_error{fault::not_object, std::string{where}, "found " + std::string{row.type_name()}, "a mapping"};
    example e;
    auto question = detail::first_text(row, detail::question_keys, where);
    if (!question)
        throw data_error{fault::missing_question, std::string{where}, "no question",
                         "one of question, query, input, prompt"};
    e.question = std::move(*question);
    e.context = detail::first_text(row, detail::context_keys, where).value_or("");
    e.answers = detail::answers_of(row, where);
    for (auto key : detail::id_keys)
        if (auto const* id = row.find(key); id != nullptr && !id->is_null() && e.example_id.empty())
            e.example_id = detail::scalar_text(*id, where, key);
    if (e.example_id.empty()) e.example_id = content_id(e, task);
    e.meta = detail::meta_of(row, task);
    return e;
}

KVT_DECL std::string content_id(example const& e, std::string_view task) {
    auto answers = e.answers;
    std::sort(answers.begin(), answers.end());
    std::string object = "{\"answers\": [";
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (i > 0) object += ", ";
        append_quoted(object, answers[i]);
    }
    object += "], \"context\": ";
    append_quoted(object, e.context);
    object += ", \"question\": ";
    append_quoted(object, e.question);
    object += ", \"task\": ";
    append_quoted(object, task);
    object += '}';
    return std::string{task} + "_" + sha256_hex(object, 16);
}

KVT_DECL void settle_duplicates(std::span<example> examples, duplicates rule, std::string_view where) {
    constexpr std::size_t shown = 10;
    {
        std::unordered_set<std::string_view> ids(examples.size());
        if (std::all_of(examples.begin(), examples.end(),
                        [&](auto const& e) { return ids.insert(e.example_id).second; }))
            return;
    }
    std::unordered_set<std::string> taken;
    std::unordered_map<std::string, std::size_t> holders;
    std::string repeated;
    std::size_t repetitions = 0;
    for (auto& e : examples) {
        auto& k = holders[e.example_id];
        if (++k == 1 && taken.insert(e.example_id).second) continue;
        if (rule == duplicates::error) {
            if (++repetitions <= shown) repeated += (repetitions > 1 ? ", " : "") + e.example_id;
            continue;
        }
        if (k < 2) k = 2;
        while (!taken.insert(e.example_id + "#" + std::to_string(k)).second) ++k;
        e.example_id += "#" + std::to_string(k);
    }
    if (repetitions > 0)
        throw data_error{fault::duplicate_id, std::string{where},
                         std::to_string(repetitions) + " rows repeat an id (" + repeated + ")",
                         "ids that differ, or dataset.on_duplicate: suffix"};
}

}  // namespace kvt::inline KVT_ABI::data
