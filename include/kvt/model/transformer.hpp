// transformer: the forward pass of a decoder-only model over a KV storage it does not own.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/model/attention_observer.hpp>
#include <kvt/model/kernels.hpp>
#include <kvt/model/kv_storage.hpp>
#include <kvt/model/weights.hpp>
#include <kvt/model/workspace.hpp>

#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::model {

/// Immutable; one may serve any number of threads, each with its own storage and workspace. Results depend on weights,
/// tokens, positions and the storage's slots alone: the same bits however a prompt is cut into calls, on every
/// instruction set, with or without an observer.
class transformer {
  public:
    explicit transformer(weights w, instruction_set set = best_instruction_set());
    /// From a folder with config.json and model.safetensors; throws `error` naming the file and tensor.
    [[nodiscard]] static transformer load(std::string const& folder, instruction_set set = best_instruction_set());

    [[nodiscard]] model::shape const& shape() const { return weights_.shape; }
    /// SHA-256 of the weights' safetensors file.
    [[nodiscard]] std::string const& hash() const { return weights_.hash; }
    [[nodiscard]] instruction_set instructions() const { return set_; }

    /// Runs `tokens` at positions `first_position`, `first_position + 1`, ...: appends their keys and values to `cache`
    /// and attends to all its slots. `last_logits` receives the logits of the last `last_logits.size() / vocab_size`
    /// tokens (row after row; usually one, or none where it is empty).
    /// Throws `error{usage}` for tokens outside the vocabulary, positions outside the model's, and a logits span that is
    /// not a whole number of rows; nothing is appended then.
    template <kv_storage Cache, attention_observer Observer>
    void forward(std::span<std::int32_t const> tokens, std::int32_t first_position, Cache& cache, Observer& observer,
                 std::span<float> last_logits, workspace& ws) const;

    /// Rows computed together; a longer prompt is run block after block.
    static constexpr std::int32_t block_rows = 128;

  private:
    struct block;  // one run of rows through the layers
    weights weights_;
    instruction_set set_;
    kernel_table const* kernels_;
    std::vector<float> cosines_, sines_;  // [position][head_dim / 2]
};

}  // namespace kvt::inline KVT_ABI::model
