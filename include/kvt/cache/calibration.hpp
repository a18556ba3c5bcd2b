// calibration: what the constructed model must answer under a policy and a budget, in closed form.
#pragma once

#include <kvt/cache/policies.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::cache {

/// A request to the constructed model (model/constructed.hpp), as far as it decides whether the asked record is still in
/// the lookup head when the answer's second token fetches it.
struct lookup_setting {
    double budget = 1;
    budget_mode mode = budget_mode::prompt;
    question_mode question = question_mode::query_aware;
    std::int64_t prompt_tokens = 0;
    std::int64_t question_tokens = 2;
    std::int64_t layers = 2, kv_heads = 2;
    std::int64_t lookup_list = 3;  ///< lookup_layer * kv_heads + lookup_head

    /// Tokens that the budget is applied to.
    [[nodiscard]] std::int64_t compacted() const {
        return question == question_mode::query_aware ? prompt_tokens : prompt_tokens - question_tokens;
    }
    /// Slots of the lookup head after compaction.
    [[nodiscard]] std::int64_t slots() const { return at(compacted()); }
    /// Whether one entry leaves before the key token, and with it the lookup, is run.
    [[nodiscard]] bool makes_room() const {
        if (mode == budget_mode::prompt || budget >= 1) return false;
        return mode == budget_mode::capped || at(compacted() + 1) == slots();
    }

  private:
    [[nodiscard]] std::int64_t at(std::int64_t tokens) const;
};

/// The probability that the record at `position` of the prompt (`<bos>` at 0) is found: 0 or 1 for policies that do not
/// draw. Derivations, with T compacted tokens and B slots:
///
/// * Every query but the question's last spreads its attention evenly: query i gives each of its i + 1 entries 1 / (i + 1).
///   The question's last token gives the record 1 and all else 0, if it is part of what was compacted (query_aware).
/// * streaming_llm keeps s sinks and the last B - s positions.
/// * random keeps each position with probability B / T.
/// * snapkv: over the T - w candidates the window's even queries add up to the same sum a for every candidate. Aware, the
///   record's own sum is a + 1. Pooling spreads it over neighbours, and B - w candidates are kept: best first, newest first
///   among equals. Max pooling makes the kernel / 2 neighbours on each side the record's equals, so it survives when there
///   is room for it and its newer neighbours. Average pooling ranks by how many candidates the kernel covers, because
///   padding zeros count.
/// * h2o: entry j has received H(T - 1) - H(j) in a query_aware prompt and H(T) - H(j) in a context, with harmonic numbers
///   H, and the record 1 more in the former. So the record ranks behind the j older ones with H(position) - H(j) > 1
///   (aware) or behind all older ones (agnostic), and survives among the heavy or the recent ones.
/// * In mode `capped` one entry more leaves: the oldest of the recent ones, unless it is the record and its 1 lifts it over
///   the least of the heavy ones. (The question of an agnostic request has given it this 1 by then.)
///
/// Sums are computed in reals, the engine's in floats: where two scores of h2o differ by less than about 1e-6 the engine
/// may decide otherwise. snapkv is covered in mode `prompt` alone; elsewhere `error{usage}` is thrown.
[[nodiscard]] double survival(full const& p, lookup_setting const& at, std::int64_t position);
[[nodiscard]] double survival(streaming_llm const& p, lookup_setting const& at, std::int64_t position);
[[nodiscard]] double survival(random const& p, lookup_setting const& at, std::int64_t position);
[[nodiscard]] double survival(snapkv const& p, lookup_setting const& at, std::int64_t position);
[[nodiscard]] double survival(h2o const& p, lookup_setting const& at, std::int64_t position);

/// The same for a registered policy by name, `snapkv@kvpress` or with parameters.
[[nodiscard]] double survival(std::string_view policy, json const& parameters, lookup_setting const& at,
                              std::int64_t position);

/// The mean over all places where the source constructed_lookup puts the record, each as likely: the expected accuracy.
[[nodiscard]] double expected_accuracy(std::string_view policy, json const& parameters, lookup_setting const& at);

}  // namespace kvt::inline KVT_ABI::cache

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/cache/detail/calibration.ipp>
#endif
