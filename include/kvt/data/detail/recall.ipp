#pragma once

#include <kvt/core/hash.hpp>
#include <kvt/data/detail/recall_words.hpp>
#include <kvt/data/fault.hpp>
#include <kvt/data/recall.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace kvt::inline KVT_ABI::data {

namespace detail {

/// A key is adjective * 48 + noun.
inline constexpr std::size_t recall_keys = key_adjectives.size() * key_nouns.size();
/// Some keys stay free for sentences that name one without a code.
inline constexpr std::int64_t recall_most_records = static_cast<std::int64_t>(recall_keys) - 20;
inline constexpr std::int64_t recall_longest = std::int64_t{1} << 24;

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

/// One prompt in the making.
struct recall_prompt {
    recall const& how;
    random_stream stream;
    std::vector<recall_sentence> body{};
    std::vector<std::size_t> keys{};    ///< by record
    std::vector<std::string> values{};  ///< by record
    std::vector<std::size_t> asked{};   ///< records

    template <class List> auto const& draw(List const& list) { return list[stream.below(list.size())]; }

    [[nodiscard]] std::int64_t add_records(std::int64_t room);
    void draw_keys(std::size_t n);
    void add_filler(std::int64_t room);
    [[nodiscard]] std::string filler(std::string_view pattern);
    void shuffle();
    void place(double depth);
};

/// Draws leads until the records fill their share of the room; returns the tokens they take.
KVT_DECL std::int64_t recall_prompt::add_records(std::int64_t room) {
    double const fill = how.fill_min + (how.fill_max - how.fill_min) * stream.unit();
    auto const wanted = static_cast<std::int64_t>(fill * static_cast<double>(room));
    std::int64_t const least = how.n_records.value_or(how.records_min),
                       most = how.n_records.value_or(recall_most_records);
    std::int64_t used = 0, n = 0;
    for (; n < most; ++n) {
        auto const lead = draw(recall_leads);
        auto const lead_tokens = lead.empty() ? 0 : recall_tokens(lead) - 1;
        auto const tokens = lead_tokens + recall_stem_tokens + recall_value_tokens + 1;
        if (n >= least && used + tokens > wanted) break;
        if (used + tokens > room)
            throw error{error_kind::usage, "dataset.recall",
                        std::to_string(least) + " records do not fit into the body's " + std::to_string(room) +
                            " tokens"};
        body.push_back({std::string{lead}, tokens, n, lead_tokens});
        used += tokens;
    }
    draw_keys(static_cast<std::size_t>(n));
    for (auto& sentence : body) {
        std::string value;
        for (int i = 0; i < recall_value_tokens; ++i) value += static_cast<char>('0' + stream.below(10)), value += ' ';
        values.push_back(value + ".");
        sentence.text += "the access code of the " + recall_key(keys[static_cast<std::size_t>(sentence.record)]) +
                         " is " + values.back();
    }
    return used;
}

/// Distinct keys from a grid or from all pairs.
KVT_DECL void recall_prompt::draw_keys(std::size_t n) {
    bool const grid = how.keys == key_pool::grid || (how.keys == key_pool::mixed && stream.below(2) == 0);
    auto const pick = [this](std::size_t of, std::size_t count) {
        std::vector<std::size_t> all(of);
        std::iota(all.begin(), all.end(), std::size_t{0});
        for (std::size_t i = 0; i < count; ++i) std::swap(all[i], all[i + stream.below(of - i)]);
        all.resize(count);
        return all;
    };
    if (!grid) {
        keys = pick(recall_keys, n);
        return;
    }
    auto const side = static_cast<std::size_t>(std::ceil(1.3 * std::sqrt(static_cast<double>(n))));
    auto adjectives = pick(key_adjectives.size(), std::min(side, key_adjectives.size()));
    auto nouns = pick(key_nouns.size(), std::min(side, key_nouns.size()));
    if (adjectives.size() * nouns.size() < n) nouns = pick(key_nouns.size(), key_nouns.size());
    for (auto cell : pick(adjectives.size() * nouns.size(), n))
        keys.push_back(adjectives[cell / nouns.size()] * key_nouns.size() + nouns[cell % nouns.size()]);
}

KVT_DECL std::string recall_prompt::filler(std::string_view pattern) {
    std::string out;
    for (char c : pattern) switch (c) {
            case 'F': out += draw(filler_adjectives); break;
            case 'P': out += draw(places); break;
            case 'V': out += draw(verbs); break;
            case 'R': out += draw(adverbs); break;
            case 'K': {
                auto key = stream.below(recall_keys);
                while (std::find(keys.begin(), keys.end(), key) != keys.end()) key = stream.below(recall_keys);
                out += recall_key(key);
                break;
            }
            default: out += c;
        }
    return out;
}

/// Filler sentences of exactly `room` tokens in all, or up to 6 fewer where none add up to that.
KVT_DECL void recall_prompt::add_filler(std::int64_t room) {
    while (!recall_fillable(room)) --room;
    while (room > 0) {
        bool const distractor = stream.unit() < how.distractor_share;
        auto pattern = distractor ? draw(recall_distractors) : draw(recall_filler);
        while (recall_tokens(pattern) > room || !recall_fillable(room - recall_tokens(pattern)))
            pattern = draw(recall_filler);
        body.push_back({filler(pattern), recall_tokens(pattern)});
        room -= recall_tokens(pattern);
    }
}

KVT_DECL void recall_prompt::shuffle() {
    for (std::size_t i = body.size(); i > 1; --i) std::swap(body[i - 1], body[stream.below(i)]);
}

/// Moves the asked record to where its first token is nearest to the depth.
KVT_DECL void recall_prompt::place(double depth) {
    auto const needle = std::find_if(body.begin(), body.end(), [&](recall_sentence const& s) {
        return s.record == static_cast<std::int64_t>(asked.front());
    });
    auto sentence = std::move(*needle);
    body.erase(needle);
    double total = 0;
    for (auto const& s : body) total += static_cast<double>(s.tokens);
    std::size_t best = 0;
    double offset = 0, nearest = depth * total;
    for (std::size_t i = 0; i < body.size(); ++i) {
        offset += static_cast<double>(body[i].tokens);
        if (std::abs(offset - depth * total) < nearest) best = i + 1, nearest = std::abs(offset - depth * total);
    }
    body.insert(body.begin() + static_cast<std::ptrdiff_t>(best), std::move(sentence));
}

KVT_DECL std::int64_t recall_question_tokens(recall const& how) { return how.task == "two_key" ? 18 : 22; }

KVT_DECL void check(recall const& how) {
    auto const refuse = [](std::string key, std::string problem, std::string expected) {
        throw error{error_kind::usage, "dataset.recall." + key, std::move(problem), std::move(expected)};
    };
    if (how.task != "one_key" && how.task != "two_key")
        throw data_error{fault::unknown_task, "dataset.task", "recall has no task \"" + how.task + "\"",
                         "one of its 2 tasks: one_key, two_key", error_kind::usage};
    if (how.lengths.empty()) refuse("lengths", "empty", "at least one length");
    if (auto const most = most_examples / static_cast<std::int64_t>(how.lengths.size());
        how.n_examples < 1 || how.n_examples > most)
        refuse("n_examples", std::to_string(how.n_examples), "1.." + std::to_string(most) + " for each length");
    std::int64_t const least = how.task == "two_key" ? 2 : 1, records = how.n_records.value_or(how.records_min);
    if (records < least || records > recall_most_records)
        refuse(how.n_records ? "n_records" : "records_min", std::to_string(records),
               std::to_string(least) + ".." + std::to_string(recall_most_records));
    auto const share = [&](char const* key, double value, double low) {
        if (!(value >= low && value <= 1)) refuse(key, shortest(value), shortest(low) + "..1");
    };
    share("min_length_share", how.min_length_share, 0.01);
    share("fill_min", how.fill_min, 0), share("fill_max", how.fill_max, how.fill_min);
    share("distractor_share", how.distractor_share, 0);
    if (how.depth) share("depth", *how.depth, 0);
    constexpr std::int64_t longest_record = 4 + recall_stem_tokens + recall_value_tokens + 1;
    for (auto length : how.lengths) {
        auto const shortest_prompt = std::ceil(how.min_length_share * static_cast<double>(length));
        if (length > recall_longest)
            refuse("lengths", std::to_string(length), "at most " + std::to_string(recall_longest));
        if (auto const need = 1 + recall_question_tokens(how) + records * longest_record;
            shortest_prompt < static_cast<double>(need))
            refuse("lengths",
                   std::to_string(length) + " tokens do not hold " + std::to_string(records) +
                       " records and the question",
                   "at least " + std::to_string(static_cast<std::int64_t>(
                                     std::ceil(static_cast<double>(need) / how.min_length_share))));
    }
}

/// Question and answer about the asked records.
KVT_DECL void ask(recall_prompt const& prompt, example& e) {
    auto const key = [&](std::size_t i) { return recall_key(prompt.keys[prompt.asked[i]]); };
    auto const& value = prompt.values;
    if (prompt.asked.size() == 1) {
        e.question = "question : what is the access code of the " + key(0) + " ? answer : the access code of the " +
                     key(0) + " is";
        e.answers = {value[prompt.asked[0]]};
        return;
    }
    e.question = "question : what are the access codes of the " + key(0) + " and the " + key(1) + " ? answer :";
    auto first = value[prompt.asked[0]];
    first.pop_back();  // its full stop
    e.answers = {"the access code of the " + key(0) + " is " + first + "and the access code of the " + key(1) + " is " +
                 value[prompt.asked[1]]};
}

/// The body's text, and where the asked records stand in it.
KVT_DECL void write_body(recall_prompt const& prompt, example& e) {
    std::int64_t total = 0, begin = 1;  // <bos> is 0
    for (auto const& s : prompt.body) total += s.tokens;
    std::vector<token_span> evidence(prompt.asked.size()), values(prompt.asked.size());
    double depth = 0;
    for (auto const& s : prompt.body) {
        e.context += (e.context.empty() ? "" : " ") + s.text;
        auto const found = std::find(prompt.asked.begin(), prompt.asked.end(), static_cast<std::size_t>(s.record));
        if (s.record >= 0 && found != prompt.asked.end()) {
            auto const i = static_cast<std::size_t>(found - prompt.asked.begin());
            auto const value = begin + s.lead_tokens + recall_stem_tokens;
            evidence[i] = {begin + s.lead_tokens, begin + s.tokens};
            values[i] = {value, value + recall_value_tokens};
            if (i == 0 && total > s.tokens)
                depth = static_cast<double>(begin - 1) / static_cast<double>(total - s.tokens);
        }
        begin += s.tokens;
    }
    auto const spans = [](std::vector<token_span> const& list) {
        json::array out;
        for (auto const& span : list) out.push_back(kvt::to_json(span));
        return out;
    };
    e.meta["evidence"] = spans(evidence);
    e.meta["value"] = spans(values);
    e.meta["needle_depth"] = depth;
    e.meta["n_records"] = prompt.keys.size();
    e.meta["length"] = begin + recall_question_tokens(prompt.how);
}

KVT_DECL example make_recall(recall const& how, std::int64_t index) {
    auto const length = how.lengths[static_cast<std::size_t>(index / how.n_examples)];
    recall_prompt prompt{how, {how.seed, "recall|" + std::to_string(index)}};
    auto const low = static_cast<std::int64_t>(std::ceil(how.min_length_share * static_cast<double>(length)));
    auto const target =
        low + static_cast<std::int64_t>(prompt.stream.below(static_cast<std::uint64_t>(length - low) + 1));
    auto const room = target - 1 - recall_question_tokens(how);
    auto const used = prompt.add_records(room);
    prompt.add_filler(room - used);
    auto const n = prompt.keys.size();
    prompt.asked = {prompt.stream.below(n)};
    if (how.task == "two_key") prompt.asked.push_back((prompt.asked[0] + 1 + prompt.stream.below(n - 1)) % n);
    prompt.shuffle();
    if (how.depth) prompt.place(*how.depth);

    example e;
    e.meta = json::of({{"task", how.task}, {"source_keys", json::array{}}});
    write_body(prompt, e);
    ask(prompt, e);
    e.meta["length_bin"] = length;
    auto number = std::to_string(index);
    number.insert(0, number.size() < 4 ? 4 - number.size() : 0, '0');
    e.example_id = how.task + "_" + std::to_string(length) + "_" + number + "_" +
                   sha256_hex(e.context + "\n" + e.question + "\n" + e.answers.front(), 8);
    return e;
}

}  // namespace detail

KVT_DECL std::vector<example> recall::load(run_context&) const {
    detail::check(*this);
    auto const n = n_examples * static_cast<std::int64_t>(lengths.size());
    std::vector<example> examples;
    examples.reserve(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i) examples.push_back(detail::make_recall(*this, i));
    return examples;
}

KVT_DECL example recall::make(std::int64_t index) const {
    detail::check(*this);
    if (index < 0 || index / n_examples >= static_cast<std::int64_t>(lengths.size()))
        throw error{error_kind::usage, "dataset.recall", "no example " + std::to_string(index)};
    return detail::make_recall(*this, index);
}

}  // namespace kvt::inline KVT_ABI::data
