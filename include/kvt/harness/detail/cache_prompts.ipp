// Definitions of harness/cache_prompts.hpp.
#pragma once

#include <kvt/data/canonical.hpp>
#include <kvt/data/jsonl.hpp>
#include <kvt/harness/cache_prompts.hpp>

#include <map>

namespace kvt::inline KVT_ABI::harness {
namespace detail {

inline constexpr std::string_view prompt_row = R"({"context": "...", "question": "...", "answers": ["..."]})";

KVT_DECL study_prompt prompt_of(json const& row, std::string const& where) {
    auto e = data::canonical(row, "cache", where);
    auto const need = [&](std::string const& text, char const* what, char const* expected) {
        if (text.empty())
            throw error{error_kind::malformed, where, std::string{"the "} + what + " is missing or empty", expected};
    };
    need(e.context, "context", "text under context, passage, article, document or text");
    need(e.question, "question", "text under question, query, input or prompt");
    study_prompt out{e.example_id, std::move(e.context), std::move(e.question), e.answers.front()};
    out.where = where;
    auto const* evidence = e.meta.find("evidence");
    auto const refuse = [&](std::string const& problem) {
        throw error{error_kind::malformed, where, "meta.evidence " + problem, R"([{"begin": 3, "end": 7}, ...])"};
    };
    if (evidence == nullptr || evidence->is_null()) return out;
    if (!evidence->is_array()) refuse("is " + std::string{evidence->type_name()});
    try {
        out.evidence = data::evidence_of(e);
    } catch (error const& bad) {
        refuse("cannot be read (" + bad.where() + ": " + bad.problem() + ")");
    }
    for (auto const& span : out.evidence)
        if (span.begin < 0 || span.end <= span.begin)
            refuse("has a span from " + std::to_string(span.begin) + " to " + std::to_string(span.end));
    return out;
}

/// The next row; false at the end. Every refusal says what was expected.
KVT_DECL bool next_prompt(data::jsonl_reader& reader, study_prompt& out) {
    try {
        json row;
        if (!reader.next(row)) return false;
        out = prompt_of(row, reader.where());
        return true;
    } catch (error const& bad) {
        if (!bad.expected().empty()) throw;
        throw error{bad.kind(), bad.where(), bad.problem(), std::string{prompt_row}};
    }
}

}  // namespace detail

KVT_DECL std::vector<study_prompt> read_cache_prompts::operator()(run_context&, start) const {
    std::vector<study_prompt> out;
    std::map<std::string, std::size_t> lines;
    data::jsonl_reader reader{path};
    for (study_prompt prompt; detail::next_prompt(reader, prompt);) {
        auto const [first, is_new] = lines.emplace(prompt.id, reader.line_number());
        if (!is_new)
            throw error{error_kind::malformed, reader.where(),
                        "its id " + prompt.id + " is that of line " + std::to_string(first->second),
                        "an id of its own for each prompt, and no prompt twice"};
        out.push_back(std::move(prompt));
    }
    if (out.empty())
        throw error{error_kind::malformed, path, "holds no prompts",
                    "lines such as " + std::string{detail::prompt_row}};
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
