// tokenizer: the contract between text and token ids, and the word-level tokenizer of the built-in model.
#pragma once

#include <kvt/core/json.hpp>

#include <concepts>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::model {

/// Whether a text opens a prompt (then the begin-of-sequence token comes first where the tokenizer has one) or continues
/// one. `encode(a, prompt)` followed by `encode(b, continuation)` equals `encode(a + " " + b, prompt)`.
enum class text_place : std::uint8_t { prompt, continuation };

/// Text to ids and back. `encode` never fails: what is not known becomes the unknown token. `decode` of ids one after
/// the other is a prefix of `decode` of more of them, so an answer can be shown while it grows. `identity` names the
/// vocabulary (a hash). Satisfied by `word_tokenizer`.
template <class T>
concept tokenizer = requires(T const& t, std::string_view text, text_place place, std::span<std::int32_t const> ids) {
    { t.encode(text, place) } -> std::same_as<std::vector<std::int32_t>>;
    { t.decode(ids) } -> std::same_as<std::string>;
    { t.size() } -> std::same_as<std::int32_t>;
    { t.identity() } -> std::convertible_to<std::string>;
};

/// A closed vocabulary of words. ASCII letters are lower-cased; words end at ASCII white space; `. , ? : ; '` and every
/// digit are tokens of their own. Names of special tokens have no meaning inside a text (they are unknown words there).
class word_tokenizer {
  public:
    /// From a tokenizer.json: keys `vocab` (word to id; ids 0..n-1, each once), `unk_token`, and optionally `bos_token`,
    /// `eos_token`, `pad_token`, `add_bos`. Throws `error{missing|malformed|io}` naming file and key.
    [[nodiscard]] static word_tokenizer load(std::string const& path);
    explicit word_tokenizer(json const& description, std::string_view where = "tokenizer.json");

    [[nodiscard]] std::vector<std::int32_t> encode(std::string_view text, text_place place = text_place::prompt) const;
    /// Words joined by one space; special tokens other than the unknown one are left out.
    [[nodiscard]] std::string decode(std::span<std::int32_t const> ids) const;
    [[nodiscard]] std::int32_t size() const { return static_cast<std::int32_t>(words_.size()); }
    /// SHA-256 of the words in id order, the special ones among them, and whether a prompt opens with one.
    [[nodiscard]] std::string const& identity() const { return identity_; }

    /// The word of an id; throws `error{usage}` where there is none.
    [[nodiscard]] std::string const& word(std::int32_t id) const;
    /// The id of a word of the vocabulary, or -1.
    [[nodiscard]] std::int32_t id_of(std::string_view word) const;
    [[nodiscard]] std::int32_t unknown() const { return unknown_; }
    [[nodiscard]] std::int32_t begin() const { return begin_; }  ///< -1: none
    [[nodiscard]] std::int32_t end() const { return end_; }      ///< -1: none

  private:
    [[nodiscard]] bool hidden(std::int32_t id) const {
        return id >= 0 && (id == begin_ || id == end_ || id == padding_);
    }

    std::vector<std::string> words_;
    std::map<std::string, std::int32_t, std::less<>> ids_;
    std::string identity_;
    std::int32_t unknown_ = -1, begin_ = -1, end_ = -1, padding_ = -1;
    bool opens_with_begin_ = false;
};

static_assert(tokenizer<word_tokenizer>);

}  // namespace kvt::inline KVT_ABI::model

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/model/detail/tokenizer.ipp>
#endif
