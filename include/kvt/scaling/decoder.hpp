// decoder: a decoder with its parameters and gradients, trained on batches by any number of threads with the same bits.
#pragma once

#include <kvt/exec/executor.hpp>
#include <kvt/scaling/decoder_pass.hpp>
#include <kvt/scaling/token_batch.hpp>

#include <memory>

namespace kvt::inline KVT_ABI::scaling {

/// Meets `trainable_model`. A batch is cut into shards of whole sequences of about `shard_tokens` tokens, whatever the
/// number of threads; each adds to gradients of its own, which are then added up along a fixed tree. So the same machine
/// gives the same bits for any executor. Memory: parameters, gradients for each shard, activations for each shard.
/// `Real` is float or double.
template <class Real> class decoder {
  public:
    using real = Real;
    using batch = token_batch;

    static constexpr std::size_t shard_tokens = 1024;

    /// All parameters 0; see initialise.hpp.
    explicit decoder(decoder_shape shape);

    [[nodiscard]] decoder_shape const& shape() const { return shape_; }
    [[nodiscard]] parameter_list const& list() const { return *list_; }
    [[nodiscard]] std::span<parameter const> tensors() const { return list_->tensors; }
    /// What scaling fits call the size: the core.
    [[nodiscard]] std::int64_t num_params() const { return counts_of(shape_).core; }

    /// In the order of `tensors()`.
    [[nodiscard]] std::span<Real> parameters() { return parameters_; }
    [[nodiscard]] std::span<Real const> parameters() const { return parameters_; }
    [[nodiscard]] std::span<Real> gradients() { return gradients_; }
    [[nodiscard]] std::span<Real const> gradients() const { return gradients_; }

    /// Loops run on this executor from now on; it must outlive the model or the next call of this. Inline at first.
    void run_on(exec::executor_view executor) { executor_ = executor; }

    /// The loss of a batch. Throws what `checked_weights` throws.
    [[nodiscard]] double loss(token_batch const& b);
    /// The same, and its gradients are added to `gradients()`; with dropout, those of a model without some of its units.
    double loss_and_gradients(token_batch const& b);
    /// Which units a shape with dropout leaves out from now on: another key for every batch.
    void drop_by(std::uint64_t key) { drop_key_ = key; }
    /// Of the last batch: -log p(target) of each position, and whether the target was the likeliest; 0 where ignored.
    [[nodiscard]] std::span<float const> token_losses() const { return losses_; }
    [[nodiscard]] std::span<std::uint8_t const> token_hits() const { return hits_; }

    /// Logits [ids x vocab_size] of sequences of one length.
    [[nodiscard]] std::vector<Real> logits(std::span<std::int32_t const> ids, std::size_t length);
    /// A forward pass to look into. Throws `error{usage}` as `checked_weights` does.
    [[nodiscard]] decoder_pass<Real> const& look(std::span<std::int32_t const> ids, std::size_t length);

  private:
    struct shard {
        decoder_pass<Real> pass;
        line_vector<Real> gradients{};  // the first shard uses the model's own
        double loss = 0;
    };
    enum class way : std::uint8_t { forward, both };
    double run(token_batch const& b, way w);
    void reserve(std::size_t shards, std::size_t length);
    void add_gradients(std::size_t shards);

    decoder_shape shape_;
    std::unique_ptr<parameter_list> list_;
    line_vector<Real> parameters_, gradients_;
    rotary<Real> positions_;
    exec::executor_view executor_;
    std::uint64_t drop_key_ = 0;
    std::vector<shard> shards_{};
    std::vector<double> weights_{};
    std::vector<float> losses_{};
    std::vector<std::uint8_t> hits_{};
};

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/decoder.ipp>
#endif
