// bigram: the least of language models, a table of logits by token.
#pragma once

#include <kvt/core/line_allocator.hpp>
#include <kvt/scaling/cross_entropy.hpp>
#include <kvt/scaling/parameter_list.hpp>
#include <kvt/scaling/token_batch.hpp>

#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// Predicts a token from the one before it alone: what every other model has to beat. Starts with equal logits.
class bigram {
  public:
    using real = float;
    using batch = token_batch;

    explicit bigram(std::int64_t vocab_size)
        : tensors_{{.name = "table.weight", .rows = vocab_size, .columns = vocab_size}},
          table_(static_cast<std::size_t>(vocab_size * vocab_size)), gradients_(table_.size()) {}

    [[nodiscard]] std::int64_t num_params() const { return tensors_.front().size(); }
    [[nodiscard]] std::span<parameter const> tensors() const { return tensors_; }
    [[nodiscard]] std::span<float> parameters() { return table_; }
    [[nodiscard]] std::span<float> gradients() { return gradients_; }

    [[nodiscard]] double loss(token_batch const& b) {
        return each(b, [](float const*, std::size_t) {});
    }
    double loss_and_gradients(token_batch const& b) {
        auto const& kernels = layer_kernels_of<float>();
        return each(
            b, [&](float const* d_row, std::size_t at) { kernels.add(d_row, vocabulary(), gradients_.data() + at); });
    }

  private:
    [[nodiscard]] std::size_t vocabulary() const { return static_cast<std::size_t>(tensors_.front().rows); }

    template <class Row> double each(token_batch const& b, Row&& done) {
        auto const weights = checked_weights(b, tensors_.front().rows);
        cross_entropy<float> const judge{vocabulary()};
        std::vector<float> row(vocabulary()), losses(1);
        std::vector<std::uint8_t> hits(1);
        double sum = 0;
        for (std::size_t t = 0; t < b.ids.size(); ++t) {
            std::size_t const at = static_cast<std::size_t>(b.ids[t]) * vocabulary();
            row.assign(table_.begin() + static_cast<std::ptrdiff_t>(at),
                       table_.begin() + static_cast<std::ptrdiff_t>(at + vocabulary()));
            sum +=
                judge.backward(row, std::span{b.targets}.subspan(t, 1), std::span{weights}.subspan(t, 1), losses, hits);
            done(row.data(), at);
        }
        return sum;
    }

    std::vector<parameter> tensors_;
    line_vector<float> table_, gradients_;
};

}  // namespace kvt::inline KVT_ABI::scaling
