// One pass over a group: codes, their places in bytes, and their errors.
#pragma once

#include <kvt/quant/detail/kernels.ipp>
#include <kvt/quant/pack.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace kvt::inline KVT_ABI::quant::detail {

/// Codes that are made, packed and measured before their values leave the first cache.
inline constexpr std::size_t code_block = 4096;
static_assert(sum_piece % code_block == 0 && code_block % 8 == 0);

inline void check_room(std::size_t bytes, std::size_t first, std::size_t count, std::int32_t bits) {
    check_bits(bits);
    if (bytes < packed_bytes(first + count, bits))
        throw quant_error{fault::length_mismatch, "packed codes",
                          std::to_string(bytes) + " bytes for " + std::to_string(first + count) + " codes"};
}

/// One code a byte into its place, the other codes of its byte left alone.
inline void place(std::uint8_t code, std::int32_t bits, std::span<std::uint8_t> bytes, std::size_t at) {
    auto const per_byte = static_cast<std::size_t>(8 / bits);
    auto const shift = static_cast<std::int32_t>(at % per_byte) * bits;
    auto& byte = bytes[at / per_byte];
    byte = static_cast<std::uint8_t>((byte & ~(top_code(bits) << shift)) | code << shift);
}
[[nodiscard]] inline std::uint8_t code_at(std::span<std::uint8_t const> bytes, std::int32_t bits, std::size_t at) {
    auto const per_byte = static_cast<std::size_t>(8 / bits);
    return static_cast<std::uint8_t>(bytes[at / per_byte] >> (static_cast<std::int32_t>(at % per_byte) * bits) &
                                     top_code(bits));
}

inline void place_all(std::span<std::uint8_t const> codes, std::int32_t bits, std::span<std::uint8_t> bytes,
                      std::size_t first, kernel_set const& kernels) {
    auto const per_byte = static_cast<std::size_t>(8 / bits);
    std::size_t i = 0;
    for (; i < codes.size() && (first + i) % per_byte != 0; ++i) place(codes[i], bits, bytes, first + i);
    auto const whole = (codes.size() - i) / per_byte * per_byte;
    if (whole > 0) kernels.pack(codes.data() + i, whole, bits, bytes.data() + (first + i) / per_byte);
    for (i += whole; i < codes.size(); ++i) place(codes[i], bits, bytes, first + i);
}

enum class wanted : std::uint8_t { codes, errors, both };

/// A group under way: its values come in parts, in order, each but the last a multiple of 8 long.
class group_coder {
  public:
    /// `bytes` has room for the group's codes from code `first` on, where codes are wanted.
    group_coder(wanted what, affine const& parameters, code_grid const& grid, std::span<std::uint8_t> bytes,
                std::size_t first, instruction_set set)
        : what_{what}, bytes_{bytes}, kernels_{kernels_for(set)} {
        begin(parameters, grid, first);
    }
    /// Another group; the one before is finished. `reach`: bytes that memory is asked ahead.
    void begin(affine const& parameters, code_grid const& grid, std::size_t first, std::size_t reach = ahead) {
        rule_ = coding_rule::of(parameters, grid);
        rule_.reach = reach;
        first_ = first;
    }

    void feed(std::span<float const> values) {
        alignas(64) std::array<std::uint8_t, code_block> buffer;
        auto const bits = rule_.grid.bits;
        auto const code = what_ == wanted::codes ? kernels_.code_only : kernels_.code;
        bool const in_place = bits == 8 && what_ != wanted::errors;
        while (!values.empty()) {
            auto const n = std::min({code_block, sum_piece - in_piece_, values.size()});
            auto* const codes = in_place ? bytes_.data() + first_ : buffer.data();
            lanes_.clipped += code(values.data(), n, rule_, codes);
            if (what_ != wanted::errors && !in_place) place_all({codes, n}, bits, bytes_, first_, kernels_);
            if (what_ != wanted::codes) kernels_.measure(values.data(), codes, n, rule_, lanes_);
            first_ += n, in_piece_ += n;
            if (in_piece_ == sum_piece) end_piece();
            values = values.subspan(n);
        }
    }
    [[nodiscard]] error_sums finish() {
        end_piece();
        return std::exchange(total_, {});
    }

  private:
    void end_piece() {
        if (in_piece_ > 0 && what_ != wanted::codes) total_ += lanes_.sums(), lanes_ = {};
        in_piece_ = 0;
    }
    wanted what_;
    coding_rule rule_;
    std::span<std::uint8_t> bytes_;
    std::size_t first_ = 0, in_piece_ = 0;
    kernel_set const& kernels_;
    error_lanes lanes_;
    error_sums total_;
};

[[nodiscard]] inline error_sums pass(wanted what, std::span<float const> values, affine const& parameters,
                                     code_grid const& grid, std::span<std::uint8_t> bytes, std::size_t first,
                                     instruction_set set) {
    check_usable(set);
    if (what != wanted::errors) check_room(bytes.size(), first, values.size(), grid.bits);
    group_coder coder{what, parameters, grid, bytes, first, set};
    coder.feed(values);
    return coder.finish();
}

}  // namespace kvt::inline KVT_ABI::quant::detail
