// attention_change: what attention makes of changed keys or values, group of tokens by group of tokens.
#pragma once

#include <kvt/core/record.hpp>

#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::model {

/// Keys or values that stand in for those of the leading slots, in groups of consecutive tokens. Spans that are empty: as
/// they are.
struct attention_variant {
    std::span<float const> keys{}, values{};  ///< [slot][dimension], at least `changed` slots
    std::size_t changed = 0;                  ///< slots that differ: a whole number of groups, or cut short in the last
    std::size_t group_tokens = 1;
    /// [group][dimension]: the most that a changed key may be off by; weighs the queries' bound on a logit's change.
    std::span<double const> key_errors{};
    /// The errors were made before the rotation: the two dimensions of a rotated pair then share theirs, in any mixture.
    enum class made : std::uint8_t { as_stored, before_rotation } when = made::as_stored;
    std::span<double const> value_errors{};  ///< [slot]: a size of a changed value's errors; weighs `group_exposure`
};

/// Sums over the queries asked.
struct attention_change {
    std::int64_t queries = 0;
    double output_squares = 0;                    ///< of the exact outputs
    double error_squares = 0;                     ///< of what all groups together change
    std::vector<double> group_squares{};          ///< of what one group changes while the others stay exact
    std::vector<double> group_mass{};             ///< exact attention that each group receives
    std::vector<double> group_bound{};            ///< of changed keys: sum of |q_d| e_d / sqrt(dim), a logit's bound
    std::vector<double> group_exposure{};         ///< of changed values: attention times their errors' size; no bound
    double probability_change = 0;                ///< half the sum of absolute changes (total variation)
    double logit_change = 0, logit_bound = 0;     ///< sums over changed slots: |change|, and the bound on it
    std::int64_t bounds_checked = 0, broken = 0;  ///< changes of logits, and those beyond their bound

    attention_change& operator+=(attention_change const& other);
    /// Root of mean squares, relative to the exact outputs': of all groups, of one.
    [[nodiscard]] double relative_error() const;
    [[nodiscard]] std::vector<double> group_errors() const;
};

/// One query head's queries over exact keys and values, in binary64: query r sees the slots `0 .. context + r`.
class attention_probe {
  public:
    /// `queries`: [row][dim], rotated, not scaled; `keys`, `values`: [context + rows][dim]. Throws `error{usage}` where the
    /// sizes do not fit.
    attention_probe(std::span<float const> queries, std::size_t dim, std::size_t context, std::span<float const> keys,
                    std::span<float const> values);

    [[nodiscard]] attention_change change(attention_variant const& v) const;

  private:
    struct row;
    [[nodiscard]] double const* weights_of(std::size_t r) const { return weights_.data() + r * slots_; }
    void weigh_bound(std::size_t r, attention_variant const& v, std::vector<double>& bounds) const;
    void change_of(std::size_t r, attention_variant const& v, row& space, attention_change& out) const;

    std::size_t dim_, context_, rows_, slots_;
    std::vector<double> queries_;  // scaled
    std::vector<float> keys_, values_;
    std::vector<double> weights_, totals_;  // exp(logit - max), and their sum
    std::vector<double> outputs_;
};

}  // namespace kvt::inline KVT_ABI::model

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/model/detail/attention_change.ipp>
#endif
