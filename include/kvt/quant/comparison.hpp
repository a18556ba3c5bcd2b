// comparison: what range policies make of the same tensors, judged on values they did not see.
#pragma once

#include <kvt/core/function_view.hpp>
#include <kvt/quant/grouped_values.hpp>
#include <kvt/quant/model_source.hpp>
#include <kvt/quant/range_policy.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::quant {

/// A tensor in two halves: ranges are chosen on the one, and judged on both.
struct split_tensor {
    std::string name{};
    stored_groups fitted{}, held_out{};

    /// Every other value of each group.
    [[nodiscard]] static split_tensor of(std::string name, grouped_values const& whole);
};

/// A policy's ranges on some tensors together. `subject`, `seed` and `lambda` are the caller's, to tell rows apart.
struct policy_result {
    std::string subject{};
    std::int64_t seed = 0;
    std::optional<double> lambda{};
    std::string policy{};
    std::int64_t bits = 2;
    double smoothness_score = 1, smoothness_score_bounded = 1;  ///< of the model (markov-smoothness 2.8)
    std::int64_t violation_count = 0;
    double mse = 0, cosine = 0;  ///< on the values the ranges were chosen on; cosine: mean over tensors
    std::optional<double> sqnr_db{};
    double held_out_cosine = 0;
    std::optional<double> held_out_sqnr_db{};
    double held_out_mse = 0;
};
KVT_RECORD(policy_result, subject, seed, lambda, policy, bits, smoothness_score, smoothness_score_bounded,
           violation_count, mse, cosine, sqnr_db, held_out_cosine, held_out_sqnr_db, held_out_mse);

/// One policy with a name of its own in tables.
struct named_policy {
    std::string label;
    function_view<refined(grouped_values const&, std::span<value_range const>)> policy;
};

/// Every policy starts from the least and greatest value of each group of the fitted half. Policies are judged, and judge,
/// by parameters as they are stored: in four bytes.
[[nodiscard]] policy_result try_policy(std::span<split_tensor const> tensors, named_policy const& policy,
                                       std::int32_t bits, double threshold = 0.3);

/// The time each policy adds to plain quantization (ranges, codes, errors), as a share of it: medians of `repetitions`
/// turns in which all take part one after the other, on one thread. Throws `error{usage}` for fewer than 20 turns, which
/// say nothing.
[[nodiscard]] std::vector<double> overheads_of(std::span<split_tensor const> tensors,
                                               std::span<named_policy const> policies, std::int32_t bits,
                                               std::int64_t repetitions);

/// Every tensor of a model that can be cut into `groups` time groups none of which is of one value alone; in memory.
[[nodiscard]] std::vector<split_tensor> split_model(model_source const& source, std::int64_t groups);

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/comparison.ipp>
#endif
