#pragma once

#include <kvt/core/error.hpp>
#include <kvt/core/random.hpp>
#include <kvt/data/detail/recall_words.hpp>
#include <kvt/data/key_pool.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::data::detail {

/// A key is adjective * 48 + noun.
inline constexpr std::size_t recall_keys = key_adjectives.size() * key_nouns.size();
/// Some keys stay free for sentences that name one without a code.
inline constexpr std::int64_t recall_most_records = static_cast<std::int64_t>(recall_keys) - 20;

inline constexpr std::array<std::string_view, 5> recall_leads{"", "", "note that ", "remember : ", "it was said that "};
/// Upper-case letters stand for drawn words: Filler adjective, Place, Verb, adverb (R), key (K, two words).
inline constexpr std::array<std::string_view, 5> recall_filler{
    "the F P V R near the P .", "a P V R while the P V .", "the P was F and F .", "after that , the P V by the F P .",
    "it V past the F P and V R ."};
inline constexpr std::array<std::string_view, 2> recall_distractors{"a K was near the F P .", "the K V R in the P ."};
inline constexpr std::int64_t recall_stem_tokens = 8, recall_value_tokens = 4;  ///< the access ... is | D D D D

KVT_DECL std::int64_t recall_tokens(std::string_view sentence) {
    auto const spaces = std::count(sentence.begin(), sentence.end(), ' ');
    return spaces + 1 + std::count(sentence.begin(), sentence.end(), 'K');
}

KVT_DECL std::string recall_key(std::size_t key) {
    return std::string{key_adjectives[key / key_nouns.size()]} + " " + std::string{key_nouns[key % key_nouns.size()]};
}
KVT_DECL std::string recall_stem(std::size_t key) { return "the access code of the " + recall_key(key) + " is"; }

/// What is asked before an answer; one key's question ends in the beginning of its answer.
KVT_DECL std::string recall_question(std::size_t key) {
    return "question : what is the access code of the " + recall_key(key) + " ? answer : " + recall_stem(key);
}
KVT_DECL std::string recall_question(std::size_t first, std::size_t second) {
    return "question : what are the access codes of the " + recall_key(first) + " and the " + recall_key(second) +
           " ? answer :";
}
/// The sentence that answers two keys; values end in their full stops.
KVT_DECL std::string recall_answer(std::size_t first, std::string first_value, std::size_t second,
                                   std::string const& second_value) {
    first_value.pop_back();
    return recall_stem(first) + " " + first_value + "and " + recall_stem(second) + " " + second_value;
}

/// Whether filler sentences (7, 9, 10 or 11 tokens) can add up to n.
[[nodiscard]] constexpr bool recall_fillable(std::int64_t n) {
    return n == 0 || n == 7 || n == 9 || n == 10 || n == 11 || n == 14 || n >= 16;
}

/// A sentence of the body; `record` numbers the records, -1 is filler.
struct recall_sentence {
    std::string text;
    std::int64_t tokens = 0;
    std::int64_t record = -1;
    std::int64_t lead_tokens = 0;
};

/// The choices that prompts and training sequences have in common; they are drawn in the order of the calls.
struct recall_draws {
    random_stream stream;

    template <class List> auto const& draw(List const& list) { return list[stream.below(list.size())]; }

    /// A record without its key and value: the lead, and what the whole will take.
    [[nodiscard]] recall_sentence record(std::int64_t number);
    [[nodiscard]] std::string value();
    [[nodiscard]] std::vector<std::size_t> some(std::size_t of, std::size_t count);
    [[nodiscard]] std::vector<std::size_t> keys(key_pool pool, std::size_t n);
    [[nodiscard]] std::string filler(std::string_view pattern, std::vector<std::size_t> const& taken);
    void fill(std::int64_t room, double distractor_share, std::vector<std::size_t> const& taken,
              std::vector<recall_sentence>& body);
    template <class T> void shuffle(std::vector<T>& list) {
        for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[stream.below(i)]);
    }
};

KVT_DECL recall_sentence recall_draws::record(std::int64_t number) {
    auto const lead = draw(recall_leads);
    auto const lead_tokens = lead.empty() ? 0 : recall_tokens(lead) - 1;
    return {std::string{lead}, lead_tokens + recall_stem_tokens + recall_value_tokens + 1, number, lead_tokens};
}

/// Four digits and a full stop.
KVT_DECL std::string recall_draws::value() {
    std::string out;
    for (int i = 0; i < recall_value_tokens; ++i) out += static_cast<char>('0' + stream.below(10)), out += ' ';
    return out + ".";
}

/// `count` of the numbers below `of`.
KVT_DECL std::vector<std::size_t> recall_draws::some(std::size_t of, std::size_t count) {
    std::vector<std::size_t> all(of);
    std::iota(all.begin(), all.end(), std::size_t{0});
    for (std::size_t i = 0; i < count; ++i) std::swap(all[i], all[i + stream.below(of - i)]);
    all.resize(count);
    return all;
}

/// Distinct keys from a grid or from all pairs.
KVT_DECL std::vector<std::size_t> recall_draws::keys(key_pool pool, std::size_t n) {
    bool const grid = pool == key_pool::grid || (pool == key_pool::mixed && stream.below(2) == 0);
    if (!grid) return some(recall_keys, n);
    auto const side = static_cast<std::size_t>(std::ceil(1.3 * std::sqrt(static_cast<double>(n))));
    auto const adjectives = some(key_adjectives.size(), std::min(side, key_adjectives.size()));
    auto nouns = some(key_nouns.size(), std::min(side, key_nouns.size()));
    if (adjectives.size() * nouns.size() < n) nouns = some(key_nouns.size(), key_nouns.size());
    std::vector<std::size_t> out;
    for (auto cell : some(adjectives.size() * nouns.size(), n))
        out.push_back(adjectives[cell / nouns.size()] * key_nouns.size() + nouns[cell % nouns.size()]);
    return out;
}

KVT_DECL std::string recall_draws::filler(std::string_view pattern, std::vector<std::size_t> const& taken) {
    std::string out;
    for (char c : pattern) switch (c) {
            case 'F': out += draw(filler_adjectives); break;
            case 'P': out += draw(places); break;
            case 'V': out += draw(verbs); break;
            case 'R': out += draw(adverbs); break;
            case 'K': {
                auto key = stream.below(recall_keys);
                while (std::find(taken.begin(), taken.end(), key) != taken.end()) key = stream.below(recall_keys);
                out += recall_key(key);
                break;
            }
            default: out += c;
        }
    return out;
}

/// Filler sentences of exactly `room` tokens in all, or up to 6 fewer where none add up to that.
KVT_DECL void recall_draws::fill(std::int64_t room, double distractor_share, std::vector<std::size_t> const& taken,
                                 std::vector<recall_sentence>& body) {
    while (!recall_fillable(room)) --room;
    while (room > 0) {
        bool const distractor = stream.unit() < distractor_share;
        auto pattern = distractor ? draw(recall_distractors) : draw(recall_filler);
        while (recall_tokens(pattern) > room || !recall_fillable(room - recall_tokens(pattern)))
            pattern = draw(recall_filler);
        body.push_back({filler(pattern, taken), recall_tokens(pattern)});
        room -= recall_tokens(pattern);
    }
}

}  // namespace kvt::inline KVT_ABI::data::detail
