#pragma once

#include <kvt/core/hash.hpp>
#include <kvt/data/detail/recall_grammar.ipp>
#include <kvt/data/fault.hpp>
#include <kvt/data/recall.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::data {

namespace detail {

inline constexpr std::int64_t recall_longest = std::int64_t{1} << 24;

/// One prompt in the making.
struct recall_prompt : recall_draws {
    recall const& how;
    std::vector<recall_sentence> body{};
    std::vector<std::size_t> keys{};    ///< by record
    std::vector<std::string> values{};  ///< by record
    std::vector<std::size_t> asked{};   ///< records

    recall_prompt(recall const& what, random_stream draws) : recall_draws{draws}, how{what} {}

    [[nodiscard]] std::int64_t add_records(std::int64_t room);
    void place(double depth);
};

/// Draws leads until the records fill their share of the room; returns the tokens they take.
KVT_DECL std::int64_t recall_prompt::add_records(std::int64_t room) {
    double const share = how.fill_min + (how.fill_max - how.fill_min) * stream.unit();
    auto const wanted = static_cast<std::int64_t>(share * static_cast<double>(room));
    std::int64_t const least = how.n_records.value_or(how.records_min),
                       most = how.n_records.value_or(recall_most_records);
    std::int64_t used = 0, n = 0;
    for (; n < most; ++n) {
        auto sentence = record(n);
        auto const tokens = sentence.tokens;
        if (n >= least && used + tokens > wanted) break;
        if (used + tokens > room)
            throw error{error_kind::usage, "dataset.recall",
                        std::to_string(least) + " records do not fit into the body's " + std::to_string(room) +
                            " tokens"};
        body.push_back(std::move(sentence));
        used += tokens;
    }
    keys = recall_draws::keys(how.keys, static_cast<std::size_t>(n));
    for (auto& sentence : body) {
        values.push_back(value());
        sentence.text += recall_stem(keys[static_cast<std::size_t>(sentence.record)]) + " " + values.back();
    }
    return used;
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
    auto const key = [&](std::size_t i) { return prompt.keys[prompt.asked[i]]; };
    auto const value = [&](std::size_t i) { return prompt.values[prompt.asked[i]]; };
    if (prompt.asked.size() == 1) {
        e.question = recall_question(key(0));
        e.answers = {value(0)};
        return;
    }
    e.question = recall_question(key(0), key(1));
    e.answers = {recall_answer(key(0), value(0), key(1), value(1))};
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
    prompt.fill(room - used, how.distractor_share, prompt.keys, prompt.body);
    auto const n = prompt.keys.size();
    prompt.asked = {prompt.stream.below(n)};
    if (how.task == "two_key") prompt.asked.push_back((prompt.asked[0] + 1 + prompt.stream.below(n - 1)) % n);
    prompt.shuffle(prompt.body);
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
