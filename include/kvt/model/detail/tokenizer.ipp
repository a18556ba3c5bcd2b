#pragma once

#include <kvt/core/hash.hpp>
#include <kvt/model/tokenizer.hpp>

namespace kvt::inline KVT_ABI::model {
namespace detail {

[[nodiscard]] inline bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
[[nodiscard]] inline bool stands_alone(char c) {
    return (c >= '0' && c <= '9') || std::string_view{".,?:;'"}.find(c) != std::string_view::npos;
}
[[nodiscard]] inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace detail

KVT_DECL word_tokenizer word_tokenizer::load(std::string const& path) {
    return word_tokenizer{read_json_file(path), path};
}

KVT_DECL word_tokenizer::word_tokenizer(json const& description, std::string_view where) {
    auto const refuse = [&](error_kind kind, std::string const& problem, std::string expected = {}) {
        throw error{kind, std::string{where}, problem, std::move(expected)};
    };
    auto const* vocabulary = description.find("vocab");
    if (vocabulary == nullptr || !vocabulary->is_object() || vocabulary->size() == 0)
        refuse(error_kind::malformed, "no vocabulary under \"vocab\"", "words with their ids");
    auto const count = vocabulary->size();
    std::vector<char> seen(count, 0);
    words_.resize(count);
    for (auto const& [word, id] : vocabulary->members()) {
        if (!id.is_integer() || id.integer() < 0 || id.integer() >= static_cast<std::int64_t>(count) ||
            seen[static_cast<std::size_t>(id.integer())] != 0)
            refuse(error_kind::malformed, "vocab: the id of \"" + word + "\" is " + dump(id),
                   "ids 0 to " + std::to_string(count - 1) + ", each once");
        seen[static_cast<std::size_t>(id.integer())] = 1;
        words_[static_cast<std::size_t>(id.integer())] = word;
        ids_.emplace(word, static_cast<std::int32_t>(id.integer()));
    }
    auto const special = [&](char const* key) {
        auto const* found = description.find(key);
        if (found == nullptr || found->is_null()) return -1;
        std::int32_t const id = found->is_text() ? id_of(found->text()) : -1;
        if (id < 0) refuse(error_kind::malformed, std::string{key} + " is " + dump(*found), "a word of the vocabulary");
        return id;
    };
    unknown_ = special("unk_token");
    begin_ = special("bos_token");
    end_ = special("eos_token");
    padding_ = special("pad_token");
    if (unknown_ < 0) refuse(error_kind::missing, "no \"unk_token\"");
    auto const* adds = description.find("add_bos");
    opens_with_begin_ = begin_ >= 0 && (adds == nullptr || (adds->is_bool() && adds->boolean()));
    identity_ = sha256_hex(dump(json::of({{"words", json::array(words_.begin(), words_.end())},
                                          {"specials", json::list({unknown_, begin_, end_, padding_})},
                                          {"add_bos", opens_with_begin_}}),
                                json_style::canonical));
    for (auto id : {unknown_, begin_, end_, padding_})  // inside a text they are words like any other unknown one
        if (id >= 0) ids_.erase(words_[static_cast<std::size_t>(id)]);
}

KVT_DECL std::int32_t word_tokenizer::id_of(std::string_view word) const {
    auto const at = ids_.find(word);
    return at == ids_.end() ? -1 : at->second;
}

KVT_DECL std::string const& word_tokenizer::word(std::int32_t id) const {
    if (id < 0 || id >= size())
        throw error{error_kind::usage, "tokenizer", "token " + std::to_string(id),
                    "0 to " + std::to_string(size() - 1)};
    return words_[static_cast<std::size_t>(id)];
}

KVT_DECL std::vector<std::int32_t> word_tokenizer::encode(std::string_view text, text_place place) const {
    std::vector<std::int32_t> out;
    if (place == text_place::prompt && opens_with_begin_) out.push_back(begin_);
    std::string word;
    auto const finish = [&] {
        if (word.empty()) return;
        std::int32_t const id = id_of(word);
        out.push_back(id < 0 ? unknown_ : id);
        word.clear();
    };
    for (char const c : text) {
        bool const alone = detail::stands_alone(c);
        if (alone || detail::is_space(c)) finish();
        if (alone) word = c, finish();
        else if (!detail::is_space(c)) word += detail::lower(c);
    }
    finish();
    return out;
}

KVT_DECL std::string word_tokenizer::decode(std::span<std::int32_t const> ids) const {
    std::string text;
    for (auto id : ids) {
        if (hidden(id)) continue;
        if (!text.empty()) text += ' ';
        text += word(id);
    }
    return text;
}

}  // namespace kvt::inline KVT_ABI::model
