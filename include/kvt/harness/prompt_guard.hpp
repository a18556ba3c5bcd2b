// The prompt guard: prompts that cannot fit the context window are not sent, and said to be too long (spec I8; the cap: harness/limits.hpp).
#pragma once

#include <kvt/engine/engine.hpp>

#include <cstdint>
#include <string>

namespace kvt::inline KVT_ABI::harness {

/// The outcome of a prompt that is not sent; its words are those that the taxonomy knows.
[[nodiscard]] inline engine::outcome too_long(std::int64_t tokens, std::int64_t cap) {
    engine::failure out;
    out.kind = engine::failure_kind::refused;
    out.message = "runtime prompt too long: " + std::to_string(tokens) + " tokens, the cap is " + std::to_string(cap);
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
