// One pass over a group: codes, their places in bytes, and their errors.
#pragma once

#include <kvt/quant/detail/code_bytes.ipp>
#include <kvt/quant/pack.hpp>
#include <kvt/quant/pass_output.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace kvt::inline KVT_ABI::quant::detail {

inline void check_room(std::size_t bytes, std::size_t first, std::size_t count, std::int32_t bits) {
    check_bits(bits);
    if (bytes < packed_bytes(first + count, bits))
        throw quant_error{fault::length_mismatch, "packed codes",
                          std::to_string(bytes) + " bytes for " + std::to_string(first + count) + " codes"};
}

/// The errors of a group under way, piece by piece; parts come in order, each but the last a multiple of 8 long.
class group_sums {
  public:
    /// How many values may come before a piece ends.
    [[nodiscard]] std::size_t room() const { return sum_piece - in_piece_; }
    /// `clipped` counts those of them that no code holds.
    void add(float const* values, std::uint8_t const* codes, std::size_t n, coding_rule const& rule,
             kernel_set const& kernels, std::int64_t clipped = 0) {
        lanes_.clipped += clipped;
        kernels.measure(values, codes, n, rule, lanes_);
        in_piece_ += n;
        if (in_piece_ == sum_piece) end_piece();
    }
    [[nodiscard]] error_sums finish() {
        end_piece();
        return std::exchange(total_, {});
    }

  private:
    void end_piece() {
        if (in_piece_ > 0) total_ += lanes_.sums(), lanes_ = {};
        in_piece_ = 0;
    }
    std::size_t in_piece_ = 0;
    error_lanes lanes_;
    error_sums total_;
};

/// A group under way: its values come in parts, in order, each but the last a multiple of 8 long.
class group_coder {
  public:
    /// `bytes` has room for the group's codes from code `first` on, where codes are wanted.
    group_coder(pass_output what, affine const& parameters, code_grid const& grid, std::span<std::uint8_t> bytes,
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
        auto const code = what_ == pass_output::codes ? kernels_.code_only : kernels_.code;
        bool const in_place = bits == 8 && what_ != pass_output::errors;
        while (!values.empty()) {
            auto const n = std::min({code_block, sums_.room(), values.size()});
            auto* const codes = in_place ? bytes_.data() + first_ : buffer.data();
            auto const clipped = code(values.data(), n, rule_, codes);
            if (what_ != pass_output::errors && !in_place) place_all({codes, n}, bits, bytes_, first_, kernels_);
            if (what_ != pass_output::codes) sums_.add(values.data(), codes, n, rule_, kernels_, clipped);
            first_ += n;
            values = values.subspan(n);
        }
    }
    [[nodiscard]] error_sums finish() { return sums_.finish(); }

  private:
    pass_output what_;
    coding_rule rule_;
    std::span<std::uint8_t> bytes_;
    std::size_t first_ = 0;
    kernel_set const& kernels_;
    group_sums sums_;
};

/// The errors of a group whose codes were kept, from code `first` on: fed as a `group_coder` is. `clipped` stays 0.
class kept_meter {
  public:
    kept_meter(affine const& parameters, code_grid const& grid, std::span<std::uint8_t const> bytes, std::size_t first,
               instruction_set set)
        : rule_{coding_rule::of(parameters, grid)}, bytes_{bytes}, first_{first}, kernels_{kernels_for(set)} {}

    void feed(std::span<float const> values) {
        while (!values.empty()) {
            auto const n = std::min(sums_.room(), values.size());
            each_unpacked(bytes_, rule_.grid.bits, first_, n, kernels_,
                          [&](std::uint8_t const* codes, std::size_t at, std::size_t count) {
                              sums_.add(values.data() + at, codes, count, rule_, kernels_);
                          });
            first_ += n;
            values = values.subspan(n);
        }
    }
    [[nodiscard]] error_sums finish() { return sums_.finish(); }

  private:
    coding_rule rule_;
    std::span<std::uint8_t const> bytes_;
    std::size_t first_;
    kernel_set const& kernels_;
    group_sums sums_;
};

[[nodiscard]] inline error_sums pass(pass_output what, std::span<float const> values, affine const& parameters,
                                     code_grid const& grid, std::span<std::uint8_t> bytes, std::size_t first,
                                     instruction_set set) {
    check_usable(set);
    if (what != pass_output::errors) check_room(bytes.size(), first, values.size(), grid.bits);
    group_coder coder{what, parameters, grid, bytes, first, set};
    coder.feed(values);
    return coder.finish();
}

}  // namespace kvt::inline KVT_ABI::quant::detail
