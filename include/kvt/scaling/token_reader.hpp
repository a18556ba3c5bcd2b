// token_reader: where training batches come from, as a function of a position, so that a run can go on anywhere.
#pragma once

#include <kvt/core/record.hpp>
#include <kvt/core/stage.hpp>
#include <kvt/scaling/token_batch.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <utility>

namespace kvt::inline KVT_ABI::scaling {

/// A batch, and which positions are asked: those that accuracy is about.
struct asked_batch {
    token_batch tokens{};
    std::vector<std::uint8_t> asked{};  ///< [sequences x length]; empty: every position that has a target
};

/// `training` data, or what is kept apart from it.
enum class data_split : std::uint8_t { training, validation };
KVT_CHOICE(data_split, "training", "validation");

/// Opened data. `read(position, sequences, length)` gives the batch that begins `position` tokens into the stream; it is a
/// pure function of the three. `size()` is the stream's tokens, 0 where it has no end; behind its end it begins anew.
template <class R> concept token_stream = requires(R const& r, std::int64_t n) {
    { r.read(n, n, n) } -> std::same_as<asked_batch>;
    { r.size() } -> std::same_as<std::int64_t>;
    { r.vocab_size() } -> std::same_as<std::int64_t>;
};

/// Any token stream, owned and shared by copies.
class token_reader {
  public:
    template <token_stream R>
        requires(!std::same_as<R, token_reader>)
    token_reader(R stream)  // NOLINT(google-explicit-constructor): what sources return
        : size_{stream.size()}, vocab_size_{stream.vocab_size()}, stream_{std::make_shared<R const>(std::move(stream))},
          read_{[](void const* r, std::int64_t position, std::int64_t sequences, std::int64_t length) {
              return static_cast<R const*>(r)->read(position, sequences, length);
          }} {}

    [[nodiscard]] asked_batch read(std::int64_t position, std::int64_t sequences, std::int64_t length) const {
        return read_(stream_.get(), position, sequences, length);
    }
    [[nodiscard]] std::int64_t size() const { return size_; }
    [[nodiscard]] std::int64_t vocab_size() const { return vocab_size_; }

  private:
    std::int64_t size_, vocab_size_;
    std::shared_ptr<void const> stream_;
    asked_batch (*read_)(void const*, std::int64_t, std::int64_t, std::int64_t);
};

/// A place that training data comes from: a record that opens a stream. Satisfied by `recall_data`, `text_data`,
/// `token_data` and `generated_data`; laws: tests/laws/token_source.hpp.
template <class S> concept token_source = named<S> && record<S> && requires(S const& s, data_split split) {
    { s.open(split) } -> std::convertible_to<token_reader>;
};

/// Tokens in memory; position t of a sequence predicts token t + 1 of the same sequence, the last one nothing.
class token_sequence {
  public:
    /// Throws `error{usage}` for no tokens at all.
    token_sequence(std::vector<std::int32_t> tokens, std::int64_t vocab_size);
    [[nodiscard]] asked_batch read(std::int64_t position, std::int64_t sequences, std::int64_t length) const;
    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(tokens_.size()); }
    [[nodiscard]] std::int64_t vocab_size() const { return vocab_size_; }

  private:
    std::vector<std::int32_t> tokens_;
    std::int64_t vocab_size_;
};

/// The part of `tokens` that belongs to the split: the last `held_out` of them are for validation. Throws `error{usage}` for
/// a share outside 0..0.9 or a part without tokens; `where` names the data.
[[nodiscard]] std::vector<std::int32_t> split_tokens(std::vector<std::int32_t> tokens, data_split split,
                                                     double held_out, std::string const& where);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/token_reader.ipp>
#endif
