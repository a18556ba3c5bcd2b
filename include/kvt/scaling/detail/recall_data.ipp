#pragma once

#include <kvt/core/json.hpp>
#include <kvt/data/recall_sequences.hpp>
#include <kvt/model/tokenizer.hpp>
#include <kvt/scaling/recall_data.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

/// A sequence of `length` ids and targets, and which of the targets belong to answers.
struct recall_row {
    std::vector<std::int32_t> ids;
    std::vector<std::uint8_t> asked;
};

struct recall_stream {
    recall_data how;
    model::word_tokenizer words;
    std::string label;

    [[nodiscard]] std::int64_t size() const { return 0; }
    [[nodiscard]] std::int64_t vocab_size() const { return words.size(); }

    /// Sequence by sequence, each of a stream named after its position.
    [[nodiscard]] recall_row row(std::int64_t position, std::int64_t length) const {
        data::recall_sequences const texts{.two_key_share = length > how.two_key_above ? how.two_key_share : 0,
                                           .recap_share = how.recap_share,
                                           .distractor_share = how.distractor_share,
                                           .keys = how.keys,
                                           .seed = how.seed};
        auto const made = texts.make(length + 1, label + std::to_string(position));
        recall_row out{words.encode(made.text), std::vector<std::uint8_t>(static_cast<std::size_t>(length))};
        if (static_cast<std::int64_t>(out.ids.size()) != length + 1 ||
            std::ranges::find(out.ids, words.unknown()) != out.ids.end())
            throw error{error_kind::mismatch, how.tokenizer, "does not know the words of the recall task",
                        "config/models/recall/tokenizer.json"};
        for (auto const& span : made.answers)  // the token at i is predicted at i - 1
            for (auto i = span.begin; i < span.end; ++i) out.asked[static_cast<std::size_t>(i) - 1] = 1;
        return out;
    }

    [[nodiscard]] asked_batch read(std::int64_t position, std::int64_t sequences, std::int64_t length) const {
        asked_batch out{.tokens = {.length = static_cast<std::size_t>(length)}};
        for (std::int64_t s = 0; s < sequences; ++s) {
            auto const one = row(position + s * length, length);
            out.tokens.ids.insert(out.tokens.ids.end(), one.ids.begin(), one.ids.end() - 1);
            out.tokens.targets.insert(out.tokens.targets.end(), one.ids.begin() + 1, one.ids.end());
            out.asked.insert(out.asked.end(), one.asked.begin(), one.asked.end());
        }
        auto const answers = static_cast<double>(std::ranges::count(out.asked, 1)),
                   others = static_cast<double>(out.asked.size()) - answers;
        for (auto const asked : out.asked)
            out.tokens.weights.push_back(static_cast<float>(asked != 0 ? 1 / answers : how.other_weight / others));
        return out;
    }
};

}  // namespace detail

KVT_DECL token_reader recall_data::open(data_split split) const {
    data::recall_sequences{
        .two_key_share = two_key_share, .recap_share = recap_share, .distractor_share = distractor_share}
        .check();
    if (!(other_weight >= 0) || !std::isfinite(other_weight))
        throw error{error_kind::usage, "recall.other_weight", shortest(other_weight), "0 or more"};
    detail::recall_stream stream{*this, model::word_tokenizer::load(tokenizer),
                                 split == data_split::training ? "train|" : "validation|"};
    (void)stream.row(0, 128);
    return stream;
}

}  // namespace kvt::inline KVT_ABI::scaling
