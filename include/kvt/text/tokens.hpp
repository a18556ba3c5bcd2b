// Token counts without a tokenizer: two deterministic approximations (spec E2, E3) and the cost of a chat (E5).
#pragma once

#include <kvt/core/record.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>

namespace kvt::inline KVT_ABI::text {

/// What the approximations count, found in one pass. Tallies of texts that white space separates add up.
struct token_tally {
    std::size_t characters = 0;      ///< code points
    std::size_t words = 0;           ///< maximal runs of non-white-space
    std::size_t symbols = 0;         ///< neither alphanumeric nor white space
    std::size_t ideographs = 0;      ///< of scripts without spaces (spec E3)
    std::size_t spaced_words = 0;    ///< words where every ideograph counts as a space
    std::size_t spaced_symbols = 0;  ///< symbols that are not ideographs

    friend bool operator==(token_tally const&, token_tally const&) = default;
};

[[nodiscard]] token_tally tally(std::string_view text);

/// Words plus a third of the symbols, at least 1; 0 for the empty text. Counts a Chinese text as a few words.
[[nodiscard]] inline std::size_t approx_v1(std::string_view text) {
    if (text.empty()) return 0;
    auto const t = tally(text);
    return std::max<std::size_t>(1, t.words + t.symbols / 3);
}

/// The same with every ideograph a token of its own; equals `approx_v1` where there are none.
[[nodiscard]] inline std::size_t approx_v2(std::string_view text) {
    if (text.empty()) return 0;
    auto const t = tally(text);
    return std::max<std::size_t>(1, t.spaced_words + t.ideographs + t.spaced_symbols / 3);
}

/// Tokens a chat adds around its contents: a constant a message, and one for the reply's start.
struct chat_overhead {
    std::int64_t per_message = 4, reply = 3;
};
KVT_RECORD(chat_overhead, per_message, reply);

/// Tokens of a conversation whose messages hold `counts` tokens.
[[nodiscard]] inline std::size_t chat_tokens(std::span<std::size_t const> counts, chat_overhead const& overhead) {
    auto total = static_cast<std::size_t>(overhead.reply);
    for (auto n : counts) total += n + static_cast<std::size_t>(overhead.per_message);
    return total;
}

}  // namespace kvt::inline KVT_ABI::text

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/text/detail/tokens.ipp>
#endif
