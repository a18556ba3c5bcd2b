// recall_data: batches of the recall task, which teach the engine's own model to look records up.
#pragma once

#include <kvt/data/key_pool.hpp>
#include <kvt/scaling/token_reader.hpp>

#include <string>

namespace kvt::inline KVT_ABI::scaling {

/// Endless generated texts (data/recall_sequences.hpp) as ids of a word-level tokenizer. A batch costs the mean over its
/// answer tokens and `other_weight` times the mean over all others; accuracy is that of the answers. Validation texts
/// are drawn from streams of their own.
struct recall_data {
    static constexpr std::string_view name = "recall";

    std::string tokenizer = "config/models/recall/tokenizer.json";
    double other_weight = 0.1;
    double two_key_share = 0.15;       ///< of the units of ...
    std::int64_t two_key_above = 128;  ///< ... texts longer than this; none in others
    double recap_share = 0.6, distractor_share = 0.15;
    data::key_pool keys = data::key_pool::mixed;
    std::int64_t seed = 1;

    /// Throws `error{usage}` naming a parameter out of range, and what reading the tokenizer throws; also where the
    /// tokenizer lacks a word of the task.
    [[nodiscard]] token_reader open(data_split split) const;
};
KVT_RECORD(recall_data, tokenizer, other_weight, two_key_share, two_key_above, recap_share, distractor_share, keys,
           seed);

static_assert(token_source<recall_data>);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/recall_data.ipp>
#endif
