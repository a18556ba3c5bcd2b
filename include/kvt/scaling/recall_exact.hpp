// recall_exact: how often a decoder answers prompts of the recall task exactly, by length.
#pragma once

#include <kvt/scaling/decoder.hpp>

#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// Prompts of one length, and how many were answered to the last token.
struct exact_match_row {
    std::int64_t length = 0, prompts = 0, exact = 0;
};
KVT_RECORD(exact_match_row, length, prompts, exact);

/// Prompts of `data::recall` (one key, between 0.85 and 1 times the length) with their answers behind them in one pass: an
/// answer is exact where every token of it is the likeliest, which is what greedy decoding with the full cache gives.
/// Throws what the generator and the tokenizer throw.
[[nodiscard]] std::vector<exact_match_row> recall_exact_match(decoder<float>& model, std::string const& tokenizer,
                                                              std::span<std::int64_t const> lengths,
                                                              std::int64_t prompts, std::int64_t seed);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/recall_exact.ipp>
#endif
