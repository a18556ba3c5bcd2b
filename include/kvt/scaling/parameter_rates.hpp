// parameter_rates: each tensor's own learning rate and weight decay.
#pragma once

#include <kvt/scaling/parameter_list.hpp>

#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// Of one tensor, before the schedule's multiplier.
struct tensor_rates {
    double learning_rate = 0, weight_decay = 0;
};
KVT_RECORD(tensor_rates, learning_rate, weight_decay);

/// How rates follow a tensor's role and width. `umup`: matrices but the head learn at learning_rate * base_width / fan_in
/// with a decay of weight_decay * fan_in / base_width_wd, norms and the embedding at learning_rate * no_decay_lr_mult
/// without decay (scaling-laws 3.7). `uniform`: one rate; norms and the embedding do not decay. `umup_full`: the factors of
/// unit_scaling.hpp; norms and the embedding do not decay.
enum class rate_rule : std::uint8_t { umup, uniform, umup_full };
KVT_CHOICE(rate_rule, "u-mup", "uniform", "u-mup-full");

/// The rates of a model's tensors, from two numbers.
struct parameter_rates {
    rate_rule rule = rate_rule::umup;
    double learning_rate = 3e-4, weight_decay = 0.1;
    std::int64_t base_width = 32, base_width_wd = 1024;
    double no_decay_lr_mult = 0.1;

    /// Throws `error{usage}` naming the field that is out of range.
    void check() const;
    /// In the order of the list's tensors.
    [[nodiscard]] std::vector<tensor_rates> of(parameter_list const& list) const;
};
KVT_RECORD(parameter_rates, rule, learning_rate, weight_decay, base_width, base_width_wd, no_decay_lr_mult);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/parameter_rates.ipp>
#endif
