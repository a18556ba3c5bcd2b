// sampler: from the logits of the last token to the next one.
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/core/record.hpp>

#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>

namespace kvt::inline KVT_ABI::model {

/// Chooses an id; draws from `stream` whatever it draws, in an order that depends on the logits alone.
/// Satisfied by `greedy` and `temperature`.
template <class S>
concept sampler = record<S> && requires(S const& s, std::span<float const> logits, random_stream& stream) {
    { S::name } -> std::convertible_to<std::string_view>;
    { s.choose(logits, stream) } -> std::same_as<std::int32_t>;
};

/// The largest logit; of equal ones the lowest id. Draws nothing. NaN is never chosen unless there is nothing else (0).
struct greedy {
    static constexpr std::string_view name = "greedy";
    [[nodiscard]] std::int32_t choose(std::span<float const> logits, random_stream&) const { return best(logits); }

    [[nodiscard]] static constexpr std::int32_t best(std::span<float const> logits) {
        std::size_t at = 0;
        for (std::size_t i = 1; i < logits.size(); ++i)
            if (logits[i] > logits[at] || (logits[at] != logits[at] && logits[i] == logits[i])) at = i;
        return static_cast<std::int32_t>(at);
    }
};
KVT_EMPTY_RECORD(greedy);

/// One draw from softmax(logits / value); `value` 0 is `greedy`. Infinite and NaN logits are never drawn.
struct temperature {
    double value = 1;
    static constexpr std::string_view name = "temperature";
    /// Throws `error{usage}` where `value` is negative or not finite.
    [[nodiscard]] std::int32_t choose(std::span<float const> logits, random_stream& stream) const;
};
KVT_RECORD(temperature, value);

static_assert(sampler<greedy> && sampler<temperature>);

}  // namespace kvt::inline KVT_ABI::model

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/model/detail/sampler.ipp>
#endif
