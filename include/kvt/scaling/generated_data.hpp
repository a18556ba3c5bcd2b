// generated_data: an endless text of a made-up language, whose best possible loss is known.
#pragma once

#include <kvt/scaling/token_reader.hpp>

namespace kvt::inline KVT_ABI::scaling {

/// A Markov chain with rare and frequent states: what follows a pair of tokens is one of `branches` tokens of that pair, or,
/// with probability `loose`, one of `branches` of the last token alone; the k-th of them comes with a probability
/// proportional to 1 / k. Which tokens follow is a hash, so the language needs no memory, and a larger model knows more
/// of its pairs. For sweeps that must need no files.
struct generated_data {
    static constexpr std::string_view name = "generated";

    std::int64_t vocab_size = 256;  ///< at most 65,536
    std::int64_t branches = 8;      ///< at most 64
    double loose = 0.5;
    std::int64_t seed = 1;

    /// Throws `error{usage}` naming the parameter that is out of range.
    [[nodiscard]] token_reader open(data_split split) const;
    /// An upper bound of the loss of one who knows the language, in nats a token: the entropy of a step, coinciding
    /// branches counted apart.
    [[nodiscard]] double step_entropy() const;
};
KVT_RECORD(generated_data, vocab_size, branches, loose, seed);

static_assert(token_source<generated_data>);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/generated_data.ipp>
#endif
