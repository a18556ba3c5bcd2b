#pragma once

#include <kvt/data/recall.hpp>
#include <kvt/model/tokenizer.hpp>
#include <kvt/scaling/recall_exact.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

/// Appends a prompt and its answer as one sequence, filled up behind the answer; returns where the answer is predicted.
inline std::pair<std::size_t, std::size_t> append_prompt(data::example const& e, model::word_tokenizer const& words,
                                                         token_batch& batch) {
    auto ids = words.encode(e.context + " " + e.question);
    auto const answer = words.encode(e.answers.front(), model::text_place::continuation);
    std::size_t const first = batch.ids.size() + ids.size() - 1, begin = batch.ids.size();
    ids.insert(ids.end(), answer.begin(), answer.end());
    ids.resize(batch.length);
    batch.ids.insert(batch.ids.end(), ids.begin(), ids.end());
    batch.targets.resize(begin + batch.length, ignored_label);
    std::ranges::copy(answer, batch.targets.begin() + static_cast<std::ptrdiff_t>(first));
    return {first, first + answer.size()};
}

}  // namespace detail

KVT_DECL std::vector<exact_match_row> recall_exact_match(decoder<float>& model, std::string const& tokenizer,
                                                         std::span<std::int64_t const> lengths, std::int64_t prompts,
                                                         std::int64_t seed) {
    constexpr std::int64_t at_once = 16384, answer_tokens = 5;
    auto const words = model::word_tokenizer::load(tokenizer);
    std::vector<exact_match_row> out;
    for (auto const length : lengths) {
        data::recall const task{.lengths = {length}, .n_examples = prompts, .seed = seed};
        exact_match_row row{length, prompts, 0};
        std::int64_t const each = std::max<std::int64_t>(1, at_once / length);
        for (std::int64_t first = 0; first < prompts; first += each) {
            token_batch batch{.length = static_cast<std::size_t>(length + answer_tokens)};
            std::vector<std::pair<std::size_t, std::size_t>> answers;
            for (auto i = first; i < std::min(prompts, first + each); ++i)
                answers.push_back(detail::append_prompt(task.make(i), words, batch));
            (void)model.loss(batch);
            auto const hits = model.token_hits();
            for (auto const& [begin, end] : answers)
                row.exact += std::ranges::count(hits.subspan(begin, end - begin), 0) == 0 ? 1 : 0;
        }
        out.push_back(row);
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
