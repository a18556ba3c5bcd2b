// recall_sequences: generated text to train on the recall task, records first and then question after question about them.
#pragma once

#include <kvt/data/example.hpp>
#include <kvt/data/key_pool.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::data {

/// A text and where its answers stand: token spans with `<bos>` at 0. Tokens are joined by single spaces, digits apart.
struct recall_sequence {
    std::string text{};
    std::vector<token_span> answers{};
    std::int64_t n_records = 0;
};
KVT_RECORD(recall_sequence, text, answers, n_records);

/// Texts of the grammar that `recall` makes prompts of. A body (records between filler) takes `body_min` to `body_max` of
/// the tokens; the rest cycles through a permutation of the keys, each unit a recap (the record's sentence once more), a
/// question with its answer, or a question about two keys. Answers are the digits and the full stop, of two keys the
/// whole sentence. Where the text is full, the last unit is cut.
struct recall_sequences {
    static constexpr std::string_view name = "recall_sequences";

    double body_min = 0.35, body_max = 0.65;
    double full_share = 0.3;   ///< of texts with as many records as fit; the others have 1 to that many
    double two_key_share = 0;  ///< of units, chosen first
    double recap_share = 0.6;  ///< of the other units
    double distractor_share = 0.15;
    key_pool keys = key_pool::mixed;
    std::int64_t seed = 1;

    /// Throws `error{usage}` naming the parameter that is out of range.
    void check() const;
    /// The text of a label: `tokens` of them with `<bos>`. Throws `error{usage}` below 64.
    [[nodiscard]] recall_sequence make(std::int64_t tokens, std::string_view label) const;
};
KVT_RECORD(recall_sequences, body_min, body_max, full_share, two_key_share, recap_share, distractor_share, keys, seed);

}  // namespace kvt::inline KVT_ABI::data

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/data/detail/recall_sequences.ipp>
#endif
