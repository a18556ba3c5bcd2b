// The parts of an embedded engine that all its requests share.
#pragma once

#include <kvt/engine/embedded.hpp>
#include <kvt/engine/prefill_store.hpp>
#include <kvt/engine/prompt_text.hpp>

#include <algorithm>
#include <mutex>

namespace kvt::inline KVT_ABI::engine::detail {

using ids = std::vector<std::int32_t>;

/// A prompt in tokens: the part that is compacted, then the question of a query_agnostic request.
struct tokenized {
    ids all;
    std::size_t compacted = 0;
    std::string problem{};  ///< why this prompt cannot be answered as asked; empty: it can
};

/// What all requests share.
class embedded_core {
  public:
    embedded_core(language_model model, embedded_options options, cache::observation_needs common)
        : model_{std::move(model)}, common_{common}, prefills_{options.prefill_bytes}, remembers_{
                                                                                           options.prefill_bytes > 0} {
        auto& words = model_.generation.stop_after;
        words.insert(words.end(), options.stop_after.begin(), options.stop_after.end());
        for (auto const& word : words) {
            if (model_.tokenizer.id_of(word) < 0)
                throw error{error_kind::usage, "stop_after", "\"" + word + "\"", "a word of the model's vocabulary"};
            stops_.push_back(model_.tokenizer.id_of(word));
        }
        hash_ = hash_model(model_);
    }

    [[nodiscard]] language_model const& model() const { return model_; }  ///< with the options' stop words
    [[nodiscard]] std::string const& hash() const { return hash_; }       ///< of `model()`
    [[nodiscard]] model::shape const& shape() const { return model_.transformer.shape(); }
    [[nodiscard]] bool stops_after(std::int32_t id) const { return std::count(stops_.begin(), stops_.end(), id) > 0; }
    [[nodiscard]] bool ends(std::int32_t id) const {
        auto const& ends = shape().eos_token_ids;
        return std::count(ends.begin(), ends.end(), id) > 0;
    }

    static tokenized impossible(request const& r, std::string const& expected) {
        return {{}, 0, "question_bytes: " + std::to_string(r.question_bytes) + "; expected " + expected};
    }
    [[nodiscard]] tokenized tokenize(request const& r) const {
        std::string const text = prompt_text(r);
        tokenized out{model_.tokenizer.encode(text), 0, {}};
        out.compacted = out.all.size();
        if (r.kv.question == cache::question_mode::query_aware) return out;
        if (r.question_bytes <= 0 || static_cast<std::size_t>(r.question_bytes) >= text.size())
            return impossible(r, "the bytes at the prompt's end that are the question (query_agnostic)");
        auto const context = std::string_view{text}.substr(0, text.size() - static_cast<std::size_t>(r.question_bytes));
        auto const first = model_.tokenizer.encode(context);
        if (first.size() >= out.all.size() || !std::equal(first.begin(), first.end(), out.all.begin()))
            return impossible(r, "a question that does not begin inside a word");
        out.compacted = first.size();
        return out;
    }

    /// What is kept of finished prefills.
    [[nodiscard]] prefill_store& prefills() const { return prefills_; }
    /// An empty one for so many tokens, which will observe what is needed.
    [[nodiscard]] std::shared_ptr<prefill> new_prefill(std::size_t tokens, cache::observation_needs needs) const {
        auto const& s = shape();
        auto made = std::make_shared<prefill>(
            prefill{cache::kv_cache{s.num_hidden_layers, s.num_key_value_heads, s.head_dim},
                    cache::observation{s.num_hidden_layers, s.num_attention_heads, s.num_key_value_heads,
                                       remembers_ ? needs.with(common_) : needs},
                    std::vector<float>(static_cast<std::size_t>(s.vocab_size))});
        made->cache.reserve(static_cast<std::int32_t>(tokens));
        made->seen.expect(static_cast<std::int32_t>(tokens));
        return made;
    }

    using pass = model::pass<cache::kv_cache, cache::observation>;
    void forward(std::span<pass const> passes) const {
        auto workspace = borrow();
        model_.transformer.forward(passes, *workspace);
        std::lock_guard const lock{guard_};
        workspaces_.push_back(std::move(workspace));
    }

  private:
    [[nodiscard]] std::unique_ptr<model::workspace> borrow() const {
        std::lock_guard const lock{guard_};
        if (workspaces_.empty()) return std::make_unique<model::workspace>();
        auto out = std::move(workspaces_.back());
        workspaces_.pop_back();
        return out;
    }

    language_model model_;
    std::string hash_;
    cache::observation_needs common_;
    std::vector<std::int32_t> stops_;
    mutable prefill_store prefills_;
    bool remembers_;
    mutable std::mutex guard_;
    mutable std::vector<std::unique_ptr<model::workspace>> workspaces_;
};

}  // namespace kvt::inline KVT_ABI::engine::detail
