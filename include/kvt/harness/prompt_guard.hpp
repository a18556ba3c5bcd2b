// The prompt guard: prompts that cannot fit the context window are not sent, and said to be too long (spec I8).
#pragma once

#include <kvt/engine/engine.hpp>

#include <cstdint>
#include <optional>

namespace kvt::inline KVT_ABI::harness {

/// What the cap is computed from.
struct prompt_window {
    std::int64_t max_model_len = 8192;
    std::int64_t max_tokens = 256;         ///< of the answer
    std::optional<std::int64_t> buffer{};  ///< absent: 256 for api.openai.com, 2048 elsewhere
    bool openai_host = false;
};

/// Tokens a prompt may have: the window less the answer and a buffer; absent (no guard) where nothing is left.
[[nodiscard]] std::optional<std::int64_t> prompt_cap(prompt_window const& w);

/// The outcome of a prompt that is not sent; its words are those that the taxonomy knows.
[[nodiscard]] engine::outcome too_long(std::int64_t tokens, std::int64_t cap);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/prompt_guard.ipp>
#endif
