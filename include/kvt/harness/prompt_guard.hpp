// The prompt guard: prompts that cannot fit the context window are not sent, and said to be too long (spec I8).
#pragma once

#include <kvt/engine/engine.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace kvt::inline KVT_ABI::harness {

/// What the cap is computed from.
struct prompt_window {
    std::int64_t max_model_len = 8192;
    std::int64_t max_tokens = 256;           ///< of the answer
    std::optional<std::int64_t> buffer{};    ///< absent: 256 for api.openai.com, 2048 elsewhere
    bool openai_host = false;
};

/// Tokens a prompt may have: the window less the answer and a buffer; absent (no guard) where nothing is left.
[[nodiscard]] inline std::optional<std::int64_t> prompt_cap(prompt_window const& w) {
    std::int64_t const cap = w.max_model_len - w.max_tokens - w.buffer.value_or(w.openai_host ? 256 : 2048);
    if (cap <= 0) return std::nullopt;
    return cap;
}

/// The outcome of a prompt that is not sent; its words are those that the taxonomy knows.
[[nodiscard]] inline engine::outcome too_long(std::int64_t tokens, std::int64_t cap) {
    engine::failure out;
    out.kind = engine::failure_kind::refused;
    out.message = "runtime prompt too long: " + std::to_string(tokens) + " tokens, the cap is " + std::to_string(cap);
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
