// verify: recomputes a receipt's budget, bytes, order and hashes without the model that wrote it.
#pragma once

#include <kvt/cache/receipt.hpp>

#include <optional>
#include <string>

namespace kvt::inline KVT_ABI::cache {

/// What is known of the model and the answer without loading it. 0 and empty: not known, not compared.
struct cache_facts {
    std::int64_t layers = 0;
    std::int64_t kv_heads = 0;
    std::int64_t head_dim = 0;
    std::int64_t bits = 0;
    std::string model_hash{};
    std::string prompt_hash{};
    std::optional<std::int64_t> answer_tokens{};  ///< of the answer; then `bytes_peak` is bounded in every mode
};

/// What is wrong with a receipt, or nothing. Recomputed: slots of every head from the budget, order and range of the
/// positions, all bytes, both hashes, and what `facts` tells of the model.
[[nodiscard]] std::optional<std::string> verify(receipt const& r, cache_facts const& facts = {});

/// The same for a stored receipt: it must also be the text that `receipt_text` writes, so any changed byte is noticed.
[[nodiscard]] std::optional<std::string> verify_text(std::string_view text, cache_facts const& facts = {});

}  // namespace kvt::inline KVT_ABI::cache

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/cache/detail/receipt_verify.ipp>
#endif
