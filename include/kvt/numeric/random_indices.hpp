// Many bounded draws at once, in vectors, equal bit for bit to drawing one after another.
#pragma once

#include <kvt/core/instruction_set.hpp>
#include <kvt/core/random.hpp>

#include <cstdint>
#include <span>

namespace kvt::inline KVT_ABI::numeric {

/// Fills `out` with what `stream.below(n)` would give call by call, and leaves the stream where those calls would;
/// n >= 1. A draw is a pure function of its position, so a vector computes several positions side by side; a block in
/// which a draw might be rejected (one in 2^32) is drawn again one by one, because a rejected draw moves all later ones.
/// Throws `error{usage}` for n = 0 or where the processor lacks the instruction set.
void draw_indices(random_stream& stream, std::uint32_t n, std::span<std::uint32_t> out,
                  instruction_set set = best_instruction_set());

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/random_indices.ipp>
#endif
