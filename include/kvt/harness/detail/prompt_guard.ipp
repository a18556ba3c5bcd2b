#pragma once

#include <kvt/harness/prompt_guard.hpp>

#include <string>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL std::optional<std::int64_t> prompt_cap(prompt_window const& w) {
    std::int64_t const cap = w.max_model_len - w.max_tokens - w.buffer.value_or(w.openai_host ? 256 : 2048);
    if (cap <= 0) return std::nullopt;
    return cap;
}

KVT_DECL engine::outcome too_long(std::int64_t tokens, std::int64_t cap) {
    engine::failure out;
    out.kind = engine::failure_kind::refused;
    out.message = "runtime prompt too long: " + std::to_string(tokens) + " tokens, the cap is " + std::to_string(cap);
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
