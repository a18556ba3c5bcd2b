#pragma once

#include <kvt/core/json.hpp>
#include <kvt/data/detail/recall_grammar.ipp>
#include <kvt/data/recall_sequences.hpp>

namespace kvt::inline KVT_ABI::data {

namespace detail {

inline constexpr std::int64_t shortest_sequence = 64;

/// One text in the making, of `size` tokens.
struct recall_text : recall_draws {
    recall_sequences const& how;
    std::int64_t size;
    std::vector<std::size_t> keys{};    ///< by record
    std::vector<std::string> values{};  ///< by record
    std::vector<std::size_t> order{};   ///< of records, to be asked
    std::size_t asked = 0;              ///< of `order`
    recall_sequence out{};
    std::int64_t used = 1;  ///< <bos>

    recall_text(recall_sequences const& what, random_stream draws, std::int64_t tokens)
        : recall_draws{draws}, how{what}, size{tokens} {}

    void write_body();
    void ask();
    void append(std::string_view text);
    void answer(std::string_view text);
    std::size_t next_record();
};

/// As many tokens of the text as there is room for.
KVT_DECL void recall_text::append(std::string_view text) {
    while (!text.empty() && used < size) {
        auto const word = text.substr(0, text.find(' '));
        if (!out.text.empty()) out.text += ' ';
        out.text += word;
        ++used;
        text.remove_prefix(std::min(text.size(), word.size() + 1));
    }
}

KVT_DECL void recall_text::answer(std::string_view text) {
    auto const begin = used;
    append(text);
    if (used > begin) out.answers.push_back({begin, used});
}

KVT_DECL void recall_text::write_body() {
    double const share = how.body_min + (how.body_max - how.body_min) * stream.unit();
    auto const room = static_cast<std::int64_t>(share * static_cast<double>(size));
    std::vector<recall_sentence> body;
    std::int64_t taken = 0;
    while (static_cast<std::int64_t>(body.size()) < recall_most_records) {
        auto sentence = record(static_cast<std::int64_t>(body.size()));
        if (taken + sentence.tokens > room) break;
        taken += sentence.tokens;
        body.push_back(std::move(sentence));
    }
    if (stream.unit() >= how.full_share) body.resize(1 + stream.below(body.size()));
    out.n_records = static_cast<std::int64_t>(body.size());
    keys = recall_draws::keys(how.keys, body.size());
    taken = 0;
    for (auto& sentence : body) {
        values.push_back(value());
        sentence.text += recall_stem(keys[static_cast<std::size_t>(sentence.record)]) + " " + values.back();
        taken += sentence.tokens;
    }
    fill(room - taken, how.distractor_share, keys, body);
    shuffle(body);
    for (auto const& sentence : body) append(sentence.text);
}

KVT_DECL std::size_t recall_text::next_record() {
    if (asked == order.size()) order = some(keys.size(), keys.size()), asked = 0;
    return order[asked++];
}

KVT_DECL void recall_text::ask() {
    bool const two = keys.size() > 1 && stream.unit() < how.two_key_share;
    auto const a = next_record();
    if (two) {
        auto b = next_record();
        while (b == a) b = next_record();
        append(recall_question(keys[a], keys[b]));
        return answer(recall_answer(keys[a], values[a], keys[b], values[b]));
    }
    append(stream.unit() < how.recap_share ? recall_stem(keys[a]) : recall_question(keys[a]));
    answer(values[a]);
}

}  // namespace detail

KVT_DECL void recall_sequences::check() const {
    auto const share = [](char const* key, double value, double low, double high) {
        if (!(value >= low && value <= high))
            throw error{error_kind::usage, std::string{"recall_sequences."} + key, shortest(value),
                        shortest(low) + ".." + shortest(high)};
    };
    share("body_min", body_min, 0.3, 1);
    share("body_max", body_max, body_min, 1);
    share("full_share", full_share, 0, 1);
    share("two_key_share", two_key_share, 0, 1);
    share("recap_share", recap_share, 0, 1);
    share("distractor_share", distractor_share, 0, 1);
}

KVT_DECL recall_sequence recall_sequences::make(std::int64_t tokens, std::string_view label) const {
    check();
    if (tokens < detail::shortest_sequence)
        throw error{error_kind::usage, "recall_sequences", std::to_string(tokens) + " tokens are too few",
                    std::to_string(detail::shortest_sequence) + " or more"};
    detail::recall_text text{*this, {seed, label}, tokens};
    text.write_body();
    while (text.used < tokens) text.ask();
    return std::move(text.out);
}

}  // namespace kvt::inline KVT_ABI::data
