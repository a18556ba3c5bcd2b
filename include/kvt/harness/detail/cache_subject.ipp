// One prompt of a cache study: its exact cache, and the question asked of any other.
#pragma once

#include <kvt/cache/kv_cache.hpp>
#include <kvt/cache/policies.hpp>
#include <kvt/cache/resident_set.hpp>
#include <kvt/harness/cache_study.hpp>
#include <kvt/model/sampler.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::harness::detail {

/// A KV storage whose leading slots can be replaced and whose trailing ones be forgotten.
class replaceable_storage {
  public:
    replaceable_storage(std::int32_t layers, std::int32_t heads, std::int32_t dim)
        : heads_{heads}, dim_{static_cast<std::size_t>(dim)},
          keys_(static_cast<std::size_t>(layers * heads)), values_{keys_} {}

    void append(std::int32_t layer, std::int32_t head, std::int32_t, std::span<float const> key,
                std::span<float const> value) {
        auto &k = keys_[list(layer, head)], &v = values_[list(layer, head)];
        k.insert(k.end(), key.begin(), key.end());
        v.insert(v.end(), value.begin(), value.end());
    }
    [[nodiscard]] std::int32_t length(std::int32_t layer, std::int32_t head) const {
        return static_cast<std::int32_t>(keys_[list(layer, head)].size() / dim_);
    }
    [[nodiscard]] std::span<float const> keys(std::int32_t layer, std::int32_t head) const {
        return keys_[list(layer, head)];
    }
    [[nodiscard]] std::span<float const> values(std::int32_t layer, std::int32_t head) const {
        return values_[list(layer, head)];
    }

    [[nodiscard]] std::size_t lists() const { return keys_.size(); }
    [[nodiscard]] std::span<float> keys(std::size_t of) { return keys_[of]; }
    [[nodiscard]] std::span<float> values(std::size_t of) { return values_[of]; }
    void truncate(std::size_t slots) {
        for (auto* side : {&keys_, &values_})
            for (auto& list : *side) list.resize(slots * dim_);
    }

  private:
    [[nodiscard]] std::size_t list(std::int32_t layer, std::int32_t head) const {
        return static_cast<std::size_t>(layer * heads_ + head);
    }
    std::int32_t heads_;
    std::size_t dim_;
    std::vector<std::vector<float>> keys_, values_;
};
static_assert(model::kv_storage<replaceable_storage>);

/// Keeps the queries that go by: by layer, row after row.
struct query_keeper {
    std::size_t width;  ///< floats of a row
    std::vector<std::vector<float>> of{};

    static constexpr bool wants(std::int32_t, std::int32_t, std::int32_t) { return false; }
    static constexpr void attention(model::attention_block const&) {}
    void queries(std::int32_t layer, std::int32_t, std::int32_t rows, float const* values, std::size_t stride) {
        if (of.size() <= static_cast<std::size_t>(layer)) of.resize(static_cast<std::size_t>(layer) + 1);
        for (std::size_t r = 0; r < static_cast<std::size_t>(rows); ++r)
            of[static_cast<std::size_t>(layer)].insert(of[static_cast<std::size_t>(layer)].end(), values + r * stride,
                                                       values + r * stride + width);
    }
};

/// What a cache answers.
struct cache_answer {
    double loss = 0;    ///< negative log-likelihood of the expected answer
    bool right = true;  ///< every token of it is the most likely one
};

/// A prompt as the model reads it.
struct encoded_prompt {
    std::vector<std::int32_t> context{}, question{}, answer{};

    /// Throws `error{usage}` naming the prompt where a part has no tokens or the model cannot hold all of them.
    [[nodiscard]] static encoded_prompt of(engine::language_model const& m, study_prompt const& prompt) {
        encoded_prompt out{m.tokenizer.encode(prompt.context),
                           m.tokenizer.encode(prompt.question, model::text_place::continuation),
                           m.tokenizer.encode(prompt.answer, model::text_place::continuation)};
        auto const tokens = out.context.size() + out.question.size() + out.answer.size();
        auto const most = static_cast<std::size_t>(m.transformer.shape().max_position_embeddings);
        std::string const expected =
            "a context, a question and an answer, together at most " + std::to_string(most) + " tokens";
        for (auto const& [what, part] : {std::pair{"context", &out.context}, std::pair{"question", &out.question},
                                         std::pair{"answer", &out.answer}})
            if (part->empty())
                throw error{error_kind::usage, prompt.place(), std::string{"the "} + what + " has no tokens", expected};
        if (tokens > most) throw error{error_kind::usage, prompt.place(), std::to_string(tokens) + " tokens", expected};
        return out;
    }
};

class cache_subject {
  public:
    cache_subject(engine::language_model const& m, study_prompt const& prompt, cache_study_settings const& how)
        : model_{m}, exact_{shape().num_hidden_layers, shape().num_key_value_heads, shape().head_dim},
          queries_{static_cast<std::size_t>(shape().num_attention_heads * shape().head_dim)} {
        auto tokens = encoded_prompt::of(m, prompt);
        context_ = std::move(tokens.context), tail_ = std::move(tokens.question), answer_ = std::move(tokens.answer);
        tail_.insert(tail_.end(), answer_.begin(), answer_.end() - 1);
        fill(prompt, how);
        base_ = ask(exact_, queries_, after::keep);
    }

    [[nodiscard]] model::shape const& shape() const { return model_.transformer.shape(); }
    [[nodiscard]] std::size_t context() const { return context_.size(); }
    [[nodiscard]] std::size_t tail() const { return tail_.size(); }
    [[nodiscard]] replaceable_storage const& exact() const { return exact_; }  ///< context, question and answer
    [[nodiscard]] cache_answer const& base() const { return base_; }
    /// The slots of each list that the policy keeps of the context.
    [[nodiscard]] std::vector<std::vector<std::int32_t>> const& kept() const { return kept_; }

    /// The queries of one query head, row after row.
    [[nodiscard]] std::vector<float> queries(std::int32_t layer, std::int32_t query_head) const {
        auto const dim = static_cast<std::size_t>(shape().head_dim);
        auto const& all = queries_.of[static_cast<std::size_t>(layer)];
        std::vector<float> out;
        for (std::size_t r = 0; r < tail_.size(); ++r) {
            auto const* const row = all.data() + r * queries_.width + static_cast<std::size_t>(query_head) * dim;
            out.insert(out.end(), row, row + dim);
        }
        return out;
    }
    /// A storage with the exact context alone.
    [[nodiscard]] replaceable_storage context_alone() const {
        auto out = exact_;
        out.truncate(context());
        return out;
    }
    /// Asks a storage that holds as many slots as the context, and leaves it as it was.
    [[nodiscard]] cache_answer ask(replaceable_storage& storage) const {
        model::no_observer nobody;
        return ask(storage, nobody, after::forget);
    }

  private:
    enum class after : std::uint8_t { keep, forget };

    void fill(study_prompt const& prompt, cache_study_settings const& how) {
        auto const& s = shape();
        cache::terms const terms{.policy = cache::make_policy(how.policy, {}, "policy"),
                                 .budget = how.budget,
                                 .question = cache::question_mode::query_agnostic,
                                 .seed = how.seed,
                                 .item = prompt.id};
        cache::kv_cache full{s.num_hidden_layers, s.num_key_value_heads, s.head_dim};
        cache::observation seen{s.num_hidden_layers, s.num_attention_heads, s.num_key_value_heads,
                                terms.policy.needs()};
        seen.expect(static_cast<std::int32_t>(context()));
        model_.transformer.forward(context_, 0, full, seen, {}, space_);
        kept_ = cache::choose(terms, full, seen,
                              cache::planned_slots(terms, static_cast<std::int64_t>(context()), s.num_hidden_layers,
                                                   s.num_key_value_heads));
        auto const dim = static_cast<std::size_t>(s.head_dim);
        for (std::int32_t l = 0; l < s.num_hidden_layers; ++l)
            for (std::int32_t h = 0; h < s.num_key_value_heads; ++h)
                for (std::size_t t = 0; t < context(); ++t)
                    exact_.append(l, h, static_cast<std::int32_t>(t), full.keys(l, h).subspan(t * dim, dim),
                                  full.values(l, h).subspan(t * dim, dim));
    }
    template <class Observer>
    [[nodiscard]] cache_answer ask(replaceable_storage& storage, Observer& observer, after then) const {
        auto const vocabulary = static_cast<std::size_t>(shape().vocab_size);
        std::vector<float> logits(answer_.size() * vocabulary);
        model_.transformer.forward(tail_, static_cast<std::int32_t>(context()), storage, observer, logits, space_);
        if (then == after::forget) storage.truncate(context());
        cache_answer out;
        for (std::size_t i = 0; i < answer_.size(); ++i) {
            std::span<float const> const row{logits.data() + i * vocabulary, vocabulary};
            double const most = *std::ranges::max_element(row);
            double total = 0;
            for (float const x : row) total += std::exp(x - most);
            out.loss += most + std::log(total) - row[static_cast<std::size_t>(answer_[i])];
            out.right = out.right && model::greedy::best(row) == answer_[i];
        }
        return out;
    }

    engine::language_model const& model_;
    std::vector<std::int32_t> context_, tail_, answer_;
    replaceable_storage exact_;
    query_keeper queries_;
    std::vector<std::vector<std::int32_t>> kept_;
    cache_answer base_;
    mutable model::workspace space_;
};

}  // namespace kvt::inline KVT_ABI::harness::detail
