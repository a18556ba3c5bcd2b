// trainable_model: what a model must offer to be trained, and a family of such models to be swept over sizes.
#pragma once

#include <kvt/scaling/parameter_list.hpp>

#include <concepts>
#include <cstdint>
#include <span>

namespace kvt::inline KVT_ABI::scaling {

/// A model with its parameters and their gradients, each in one flat buffer.
/// * `num_params()`: the size that scaling laws are fitted to; `tensors()` say how the flat buffers are divided, without
///   gaps, and what optimiser and checkpoint call the parts.
/// * `loss(b)`: nats per target of a batch of the model's own kind; nothing but the parameters decides it.
/// * `loss_and_gradients(b)`: the same number, and its derivatives by the parameters are added to `gradients()`, which the
///   trainer clears.
/// A batch that cannot be used throws `kvt::error`. Satisfied by `bigram` and `decoder`; laws: tests/laws/trainable_model.hpp.
template <class M> concept trainable_model = requires(M& m, M const& c, typename M::batch const& b) {
    requires std::floating_point<typename M::real>;
    { c.num_params() } -> std::convertible_to<std::int64_t>;
    { c.tensors() } -> std::convertible_to<std::span<parameter const>>;
    { m.parameters() } -> std::convertible_to<std::span<typename M::real>>;
    { m.gradients() } -> std::convertible_to<std::span<typename M::real>>;
    { m.loss(b) } -> std::convertible_to<double>;
    { m.loss_and_gradients(b) } -> std::convertible_to<double>;
};

/// Makes untrained models: `f(size, seed)` has about `size` parameters; the same arguments give the same model.
template <class F> concept model_family = requires(F const& f, std::int64_t size, std::int64_t seed) {
    { f(size, seed) } -> trainable_model;
};

}  // namespace kvt::inline KVT_ABI::scaling
