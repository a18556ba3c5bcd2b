#pragma once

#include <kvt/core/hash.hpp>
#include <kvt/data/constructed_lookup.hpp>
#include <kvt/data/fault.hpp>
#include <kvt/text/lookup_words.hpp>

#include <algorithm>
#include <numeric>

namespace kvt::inline KVT_ABI::data {

namespace detail {

KVT_DECL void check(constructed_lookup const& how) {
    auto const refuse = [](std::string key, std::string problem, std::string expected) {
        throw error{error_kind::usage, "dataset.constructed_lookup." + key, std::move(problem), std::move(expected)};
    };
    if (how.task != "lookup")
        throw data_error{fault::unknown_task, "dataset.task", "constructed_lookup has no task \"" + how.task + "\"",
                         "lookup", error_kind::usage};
    if (how.lengths.empty()) refuse("lengths", "empty", "at least one length");
    for (auto length : how.lengths)
        if (length < 8 || length > (1 << 20))
            refuse("lengths", std::to_string(length), "8.." + std::to_string(1 << 20));
    if (auto const most = most_examples / static_cast<std::int64_t>(how.lengths.size());
        how.n_examples < 1 || how.n_examples > most)
        refuse("n_examples", std::to_string(how.n_examples), "1.." + std::to_string(most) + " for each length");
    auto const most = static_cast<std::int64_t>(text::lookup_keys.size());
    if (how.n_records < 1 || how.n_records > most)
        refuse("n_records", std::to_string(how.n_records), "1.." + std::to_string(most));
    if (how.depth && !(*how.depth >= 0 && *how.depth <= 1)) refuse("depth", shortest(*how.depth), "0..1");
}

/// 0..n-1 in an order drawn from the stream.
KVT_DECL std::vector<std::size_t> shuffled(std::size_t n, random_stream& stream) {
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[stream.below(i)]);
    return order;
}

KVT_DECL example make_lookup(constructed_lookup const& how, std::int64_t index) {
    auto const length = how.lengths[static_cast<std::size_t>(index / how.n_examples)];
    random_stream stream{how.seed, "lookup|" + std::to_string(index)};
    auto const room = static_cast<std::size_t>(length - 1 - constructed_lookup::question_tokens);
    auto const records = std::min(static_cast<std::size_t>(how.n_records), room / 2);
    std::size_t const asked =
        how.depth ? static_cast<std::size_t>(*how.depth * static_cast<double>(room - 1) + 0.5) : stream.below(room);
    std::vector<std::string> words(room);
    for (auto& word : words) word = text::lookup_filler[stream.below(text::lookup_filler.size())];
    auto const keys = shuffled(text::lookup_keys.size(), stream);
    auto const values = shuffled(text::lookup_values.size(), stream);
    auto place = shuffled(room, stream);
    std::iter_swap(place.begin(), std::find(place.begin(), place.end(), asked));  // the first record is the asked one
    for (std::size_t i = 0; i < records; ++i) words[place[i]] = text::lookup_record(keys[i], values[i % values.size()]);

    example e;
    for (auto const& word : words) e.context += (e.context.empty() ? "" : " ") + word;
    e.question = std::string{text::lookup_find} + " " + text::lookup_query(keys[0]);
    e.answers = {std::string{text::lookup_keys[keys[0]]} + " " + std::string{text::lookup_values[values[0]]} + " ."};
    auto const at = static_cast<std::int64_t>(asked) + 1;  // <bos> is 0
    e.meta = json::of({{"task", how.task},
                       {"source_keys", json::array{}},
                       {"evidence", json::list({kvt::to_json(token_span{at, at + 1})})},
                       {"needle_depth", room == 1 ? 0.0 : static_cast<double>(asked) / static_cast<double>(room - 1)},
                       {"n_records", records},
                       {"length", length},
                       {"length_bin", length}});
    auto number = std::to_string(index);
    number.insert(0, number.size() < 4 ? 4 - number.size() : 0, '0');
    e.example_id = how.task + "_" + std::to_string(length) + "_" + number + "_" +
                   sha256_hex(e.context + "\n" + e.question + "\n" + e.answers.front(), 8);
    return e;
}

}  // namespace detail

KVT_DECL std::vector<example> constructed_lookup::load(run_context&) const {
    detail::check(*this);
    auto const n = n_examples * static_cast<std::int64_t>(lengths.size());
    std::vector<example> examples;
    examples.reserve(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i) examples.push_back(detail::make_lookup(*this, i));
    return examples;
}

KVT_DECL example constructed_lookup::make(std::int64_t index) const {
    detail::check(*this);
    if (index < 0 || index / n_examples >= static_cast<std::int64_t>(lengths.size()))
        throw error{error_kind::usage, "dataset.constructed_lookup", "no example " + std::to_string(index)};
    return detail::make_lookup(*this, index);
}

}  // namespace kvt::inline KVT_ABI::data
