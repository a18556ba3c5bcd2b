// adamw: Adam with decoupled weight decay.
#pragma once

#include <kvt/core/instruction_set.hpp>
#include <kvt/scaling/optimizer.hpp>

namespace kvt::inline KVT_ABI::scaling {

/// Loshchilov, Hutter: "Decoupled weight decay regularization", 2019, algorithm 2, in the order of scaling-laws 3.7:
/// p *= 1 - lr wd; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; p -= lr / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + eps).
struct adamw {
    static constexpr std::string_view name = "adamw";
    static constexpr std::array<std::string_view, 2> memory_names{"m", "v"};

    double beta1 = 0.9, beta2 = 0.95, eps = 1e-8;

    /// Throws `error{usage}` naming the field that is out of range.
    void check() const;
    /// The same bits for any instruction set: products are not fused with sums, roots and quotients are exact to the last
    /// bit everywhere. Only a program that is itself compiled for fused operations rounds otherwise.
    void apply(parameter_step<float> const& s, exec::executor_view executor,
               instruction_set set = best_instruction_set()) const;
    void apply(parameter_step<double> const& s, exec::executor_view executor,
               instruction_set set = best_instruction_set()) const;
};
KVT_RECORD(adamw, beta1, beta2, eps);

static_assert(optimizer<adamw> && optimizer<gradient_descent>);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/adamw.ipp>
#endif
