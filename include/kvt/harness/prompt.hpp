// Prompt templates: how an example becomes messages, or one text to continue (spec I2).
#pragma once

#include <kvt/core/hash.hpp>
#include <kvt/core/registry.hpp>
#include <kvt/data/tokenizer.hpp>
#include <kvt/engine/engine.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// An example ready to be asked. `text` is the conversation for completion endpoints: the messages' contents joined by
/// blank lines. `question_bytes` counts what stands behind the context at the end of `text` and of the last message.
struct rendered_prompt {
    std::vector<engine::message> messages;
    std::string text;
    std::int64_t question_bytes = 0;
};

/// Messages in which `{context}` and `{question}` (or LongBench's `{input}`) stand for the example's. Nothing that depends
/// on the policy or the budget may enter them. Satisfied by `qa`, `raw` and `task_prompt`.
template <class T> concept prompt_template = record<T> && named<T> && requires(T const& t, data::example const& e) {
    { t.pattern(e) } -> std::same_as<std::vector<engine::message>>;
};

/// The standard question-answering prompt: an instruction, then context and question.
struct qa {
    static constexpr std::string_view name = "qa";

    [[nodiscard]] std::vector<engine::message> pattern(data::example const&) const;
};
KVT_EMPTY_RECORD(qa);

/// Context, a space and question as one text, for models without a chat template. The space goes where either is empty.
struct raw {
    static constexpr std::string_view name = "raw";

    [[nodiscard]] std::vector<engine::message> pattern(data::example const& e) const;
};
KVT_EMPTY_RECORD(raw);

/// One message with the caller's own words, for instance LongBench's prompt of a task.
struct task_prompt {
    static constexpr std::string_view name = "task_prompt";
    std::string prompt = "{context}\n\n{input}";

    [[nodiscard]] std::vector<engine::message> pattern(data::example const&) const;
};
KVT_RECORD(task_prompt, prompt);

/// `prompt.template`: those that need no words of the caller's.
using prompt_templates = registry<entry<"qa", qa>, entry<"raw", raw>>;

namespace detail {
/// Replaces the placeholders of one text once, from left to right; what comes in is not looked at again. `behind` is set to
/// the number of bytes behind the last context, or stays where there is none.
[[nodiscard]] std::string fill_pattern(std::string_view pattern, data::example const& e, std::int64_t& behind);
}  // namespace detail

/// The example in the template's words; substitution is literal and happens once.
template <prompt_template T> [[nodiscard]] rendered_prompt render(T const& t, data::example const& e) {
    rendered_prompt out;
    for (auto& message : t.pattern(e)) {
        message.content = detail::fill_pattern(message.content, e, out.question_bytes);
        out.text += (out.text.empty() ? "" : "\n\n") + message.content;
        out.messages.push_back(std::move(message));
    }
    return out;
}

/// Names the template: 12 hex digits of SHA-256 over the canonical JSON of its messages, the placeholders standing for
/// the values of an example that has both.
template <prompt_template T> [[nodiscard]] std::string template_version(T const& t) {
    data::example sample;
    sample.context = sample.question = "x";
    json messages = json::list({});
    for (auto const& message : t.pattern(sample)) messages.push_back(to_json(message));
    return sha256_hex(dump(messages, json_style::canonical), 12);
}

/// The same for a template by name; throws `error{usage}` naming those there are.
[[nodiscard]] rendered_prompt render(std::string_view name, data::example const& e);
[[nodiscard]] std::string template_version(std::string_view name);

/// Identity of a prompt: SHA-256 (64 hex digits) of the canonical JSON of its messages.
[[nodiscard]] std::string prompt_sha256(std::vector<engine::message> const& messages);

/// The prompt's length as a conversation: the contents' tokens and what the messages cost around them (spec E5).
template <data::token_counter T>
[[nodiscard]] std::int64_t chat_length(T const& tokenizer, rendered_prompt const& prompt,
                                       text::chat_overhead const& overhead = {}) {
    std::vector<std::string_view> contents;
    for (auto const& message : prompt.messages) contents.emplace_back(message.content);
    return data::chat_length(tokenizer, contents, overhead);
}

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/prompt.ipp>
#endif
