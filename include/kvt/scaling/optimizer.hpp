// optimizer: what turns gradients into steps. The contract, and plain gradient descent as its trivial model.
#pragma once

#include <kvt/core/stage.hpp>
#include <kvt/exec/executor.hpp>
#include <kvt/scaling/parameter_list.hpp>
#include <kvt/scaling/parameter_rates.hpp>

#include <array>
#include <concepts>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// One step: `gradients` are multiplied by `gradient_scale` as they are read, each tensor's rate by `multiplier`.
template <class Real> struct parameter_step {
    std::span<Real> parameters;
    std::span<Real const> gradients;
    std::span<parameter const> tensors;   ///< what the flat buffers hold
    std::span<tensor_rates const> rates;  ///< of each tensor
    std::span<std::vector<Real>> memory;  ///< what the optimizer keeps: its `memory_names`, each as long as parameters
    std::int64_t step = 1;                ///< this one is the first
    double multiplier = 1, gradient_scale = 1;
};

/// Changes parameters and its memory by one step. The result must not depend on the executor. Satisfied by
/// `gradient_descent` and `adamw`; laws: tests/laws/optimizer.hpp.
template <class O>
concept optimizer = named<O> && record<O> &&
    requires(O const& o, parameter_step<float> const& one, exec::executor_view executor) {
    { O::memory_names.size() } -> std::convertible_to<std::size_t>;
    o.check();
    o.apply(one, executor);
};

namespace detail {

/// A piece of one tensor, worked on by one thread.
struct parameter_piece {
    std::size_t begin, end, tensor;
};
[[nodiscard]] std::vector<parameter_piece> pieces_of(std::span<parameter const> tensors);

}  // namespace detail

/// p = (1 - lr wd) p - lr g.
struct gradient_descent {
    static constexpr std::string_view name = "sgd";
    static constexpr std::array<std::string_view, 0> memory_names{};

    void check() const {}
    template <class Real> void apply(parameter_step<Real> const& s, exec::executor_view executor) const {
        auto const pieces = detail::pieces_of(s.tensors);
        executor.parallel_for(pieces.size(), [&](std::size_t i) {
            auto const& [begin, end, tensor] = pieces[i];
            auto const& own = s.rates[tensor];
            double const rate = own.learning_rate * s.multiplier;
            auto const keep = static_cast<Real>(1 - rate * own.weight_decay),
                       move = static_cast<Real>(rate * s.gradient_scale);
            for (std::size_t k = begin; k < end; ++k) s.parameters[k] = keep * s.parameters[k] - move * s.gradients[k];
        });
    }
};
KVT_EMPTY_RECORD(gradient_descent);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/optimizer.ipp>
#endif
