// comparison: what range policies make of the same tensors, judged on values they did not see.
#pragma once

#include <kvt/core/function_view.hpp>
#include <kvt/quant/error_sums.hpp>
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

/// One policy with a name of its own in tables. It is called from several threads.
struct named_policy {
    std::string label;
    function_view<refined(grouped_values const&, std::span<value_range const>)> policy;
};

/// What is kept of one tensor, one width and one policy.
struct policy_trial {
    std::string tensor{};
    std::int64_t elements = 0;  ///< of the half that ranges were chosen on
    std::vector<value_range> ranges{};
    error_sums fitted{}, held_out{};
};
KVT_RECORD(policy_trial, tensor, elements, ranges, fitted, held_out);

/// Every policy starts from the least and greatest value of each group of the fitted half. Policies are judged, and judge,
/// by parameters as they are stored: in four bytes.
[[nodiscard]] policy_trial try_on(split_tensor const& tensor, named_policy const& policy, std::int32_t bits);
/// Some tensors' trials of one policy at one width, together.
[[nodiscard]] policy_result judge_trials(std::span<policy_trial const> trials, std::string policy, std::int32_t bits,
                                         double threshold = 0.3);
/// The same for tensors that are in memory.
[[nodiscard]] policy_result try_policy(std::span<split_tensor const> tensors, named_policy const& policy,
                                       std::int32_t bits, double threshold = 0.3);

/// Tensors that are made when their turn comes and forgotten after it, so that memory holds one a thread. `make(i)` is
/// called for 0 <= i < `count`, from several threads; none where tensor i is left out. A view of `make`: for one call.
struct tensor_stream {
    std::string what;  ///< they come from: for progress and errors
    std::size_t count;
    function_view<std::optional<split_tensor>(std::size_t)> make;
};

/// Which policies are tried at which widths.
struct policy_plan {
    std::span<named_policy const> policies;
    std::span<std::int32_t const> widths;

    /// Throws `invalid_bit_width`, and `error{usage}` where there is nothing to try.
    void check() const;
};

/// Trials of each tensor, width by width and policy by policy; empty for one that was left out. Tensors are taken by as
/// many threads as the context's `exec::any_executor` has (one without), with the same result for any number. Throws
/// `no_quantizable_tensors` where all were left out, and `error{work}` where it was stopped.
[[nodiscard]] std::vector<std::vector<policy_trial>> try_policies(run_context& context, tensor_stream const& tensors,
                                                                  policy_plan const& plan);

/// What each policy adds to plain quantization.
struct policy_overheads {
    std::int64_t values = 0;                    ///< that were quantized each time
    std::vector<std::vector<double>> shares{};  ///< by width, then policy
};

/// The time each policy adds to plain quantization (ranges, codes, errors), as a share of it: medians of `repetitions`
/// turns in which all take part one after the other, on the calling thread; a turn's time is the sum over tensors. Throws
/// `error{usage}` for fewer than 20 turns, which say nothing, and `error{work}` where it was stopped.
[[nodiscard]] policy_overheads overheads_of(run_context& context, tensor_stream const& tensors, policy_plan const& plan,
                                            std::int64_t repetitions);

/// A model's tensors in halves, each read when it is asked for and dropped behind.
class model_halves {
  public:
    /// Throws `invalid_time_groups`.
    model_halves(model_source source, std::int64_t groups);

    [[nodiscard]] std::size_t size() const { return source_.tensors().size(); }
    /// None where the tensor cannot be cut into groups of two values, or one of these is of one value alone. Throws
    /// `non_finite_input` with the counts, naming file and tensor.
    [[nodiscard]] std::optional<split_tensor> operator()(std::size_t i) const;

  private:
    model_source source_;
    std::int64_t groups_;
};

}  // namespace kvt::inline KVT_ABI::quant

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/quant/detail/comparison.ipp>
#endif
