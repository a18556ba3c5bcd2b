// payload: how many bytes codes and parameters take, and the ratios that follow.
#pragma once

#include <kvt/quant/pack.hpp>
#include <kvt/quant/time_groups.hpp>

namespace kvt::inline KVT_ABI::quant {

/// Bytes of what is stored, beside the four bytes an element has as binary32 (markov-smoothness 1.5). Adds up over tensors.
struct payload {
    std::int64_t elements = 0, groups = 0, code_bytes = 0, parameter_bytes = 0, passed_bytes = 0;

    [[nodiscard]] std::int64_t total_bytes() const { return code_bytes + parameter_bytes + passed_bytes; }
    /// Against binary32; 0 where nothing is stored.
    [[nodiscard]] double compression_ratio() const {
        return total_bytes() == 0 ? 0 : 4.0 * static_cast<double>(elements) / static_cast<double>(total_bytes());
    }
    [[nodiscard]] double megabytes() const { return static_cast<double>(total_bytes()) / (1 << 20); }
    payload& operator+=(payload const& other) {
        elements += other.elements, groups += other.groups, code_bytes += other.code_bytes;
        parameter_bytes += other.parameter_bytes, passed_bytes += other.passed_bytes;
        return *this;
    }
};
KVT_RECORD(payload, elements, groups, code_bytes, parameter_bytes, passed_bytes);

/// A tensor of that many elements in that many groups; two parameters a group, each of `bytes` (4 or 8).
[[nodiscard]] inline payload quantized_payload(std::size_t elements, std::size_t groups, std::int32_t bits,
                                               std::int32_t bytes = 4) {
    check_bits(bits);
    return {.elements = static_cast<std::int64_t>(elements),
            .groups = static_cast<std::int64_t>(groups),
            .code_bytes = static_cast<std::int64_t>(packed_bytes(elements, bits)),
            .parameter_bytes = static_cast<std::int64_t>(groups) * 2 * bytes};
}
/// The same in groups of `size`.
[[nodiscard]] inline payload grouped_payload(std::size_t elements, std::int64_t size, std::int32_t bits,
                                             std::int32_t bytes = 4) {
    check_group_size(size);
    auto const n = static_cast<std::size_t>(size);
    return quantized_payload(elements, elements / n + (elements % n == 0 ? 0 : 1), bits, bytes);
}
/// A tensor that stays as it is; counted as binary32 on both sides.
[[nodiscard]] inline payload passed_payload(std::size_t elements) {
    auto const n = static_cast<std::int64_t>(elements);
    return {.elements = n, .passed_bytes = 4 * n};
}

/// `32 / b`: codes alone.
[[nodiscard]] inline double ideal_ratio(std::int32_t bits) { return check_bits(bits), 32.0 / bits; }
/// `32 / (b + 64/n)`: for planning, with two binary32 parameters in each group of n.
[[nodiscard]] inline double planned_ratio(std::int32_t bits, std::int64_t group_size) {
    check_bits(bits);
    check_group_size(group_size);
    return 32.0 / (bits + 64.0 / static_cast<double>(group_size));
}

}  // namespace kvt::inline KVT_ABI::quant
