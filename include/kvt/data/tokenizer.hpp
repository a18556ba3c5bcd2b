// The token counter contract: how long a prompt is, and by whose count.
#pragma once

#include <kvt/data/example.hpp>
#include <kvt/text/tokens.hpp>

#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::data {

/// Whose count it is (spec E6): the tokenizer's name (of the model where it has none of its own) and the way of counting,
/// with `+chat` where the messages around the contents count as well. Both are stored and compared.
struct tokenizer_identity {
    std::string name, mode;

    /// The key under which counts are cached.
    [[nodiscard]] std::string key() const { return name + "|" + mode; }
    friend bool operator==(tokenizer_identity const&, tokenizer_identity const&) = default;
};
KVT_RECORD(tokenizer_identity, name, mode);

/// Counts the tokens of a text: the same number for the same text every time, and 0 or 1 for the empty one. Safe to call
/// from several threads. Satisfied by `approx_tokenizer`, `approx_cjk_tokenizer` and `word_tokenizer`.
template <class T> concept token_counter = requires(T const& t, std::string_view text) {
    { t.count(text) } -> std::same_as<std::size_t>;
    { t.identity() } -> std::same_as<tokenizer_identity>;
};

/// The length an example is binned by: the count of its context, a blank line and its question (spec E1).
template <token_counter T> [[nodiscard]] std::int64_t prompt_length(T const& tokenizer, example const& e) {
    std::string prompt;
    prompt.reserve(e.context.size() + 2 + e.question.size());
    prompt.append(e.context).append("\n\n").append(e.question);
    return static_cast<std::int64_t>(tokenizer.count(prompt));
}

/// The length of a conversation, with what the messages cost around their contents (spec E5).
template <token_counter T>
[[nodiscard]] std::int64_t chat_length(T const& tokenizer, std::span<std::string_view const> contents,
                                       text::chat_overhead const& overhead) {
    std::vector<std::size_t> counts;
    for (auto content : contents) counts.push_back(tokenizer.count(content));
    return static_cast<std::int64_t>(text::chat_tokens(counts, overhead));
}

/// Words and a third of the symbols (spec E2). `model` names the tokenizer it stands for.
struct approx_tokenizer {
    static constexpr std::string_view name = "approx_v1";
    std::string model{};

    [[nodiscard]] std::size_t count(std::string_view text) const { return text::approx_v1(text); }
    [[nodiscard]] tokenizer_identity identity() const { return {model, std::string{name}}; }
};
KVT_RECORD(approx_tokenizer, model);

/// The same with every ideograph a token of its own (spec E3): for Chinese, Japanese and Korean texts.
struct approx_cjk_tokenizer {
    static constexpr std::string_view name = "approx_v2";
    std::string model{};

    [[nodiscard]] std::size_t count(std::string_view text) const { return text::approx_v2(text); }
    [[nodiscard]] tokenizer_identity identity() const { return {model, std::string{name}}; }
};
KVT_RECORD(approx_cjk_tokenizer, model);

/// Share of the examples' characters that `approx_v1` reads as parts of words although they stand for tokens, in [0, 1].
/// Above 0.3 use `approx_v2`.
[[nodiscard]] double ideograph_share(std::span<example const> examples);

}  // namespace kvt::inline KVT_ABI::data

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/data/detail/tokenizer.ipp>
#endif
