#pragma once

#include <kvt/cache/resident_set.hpp>
#include <kvt/engine/embedded.hpp>
#include <kvt/engine/prefill_store.hpp>
#include <kvt/engine/prompt_text.hpp>
#include <kvt/model/sampler.hpp>

#include <algorithm>
#include <mutex>
#include <optional>

namespace kvt::inline KVT_ABI::engine {
namespace detail {

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

    /// The prefill of these tokens, made now or found; null where `go_on` ended it.
    [[nodiscard]] prefill_store::given prefilled(run_context& context, std::span<std::int32_t const> tokens,
                                                 cache::observation_needs needs, function_view<bool()> go_on) const {
        auto const make = [&] { return this->make_prefill(context, tokens, needs, go_on); };
        return prefills_.get(cache::hash_tokens(tokens), needs, make, go_on);
    }

    /// Runs tokens piece by piece; false where `go_on`, asked before each, ended it.
    [[nodiscard]] bool run(std::span<std::int32_t const> tokens, std::int32_t first_position, cache::kv_cache& cache,
                           cache::observation& seen, std::span<float> logits, function_view<bool()> go_on) const {
        constexpr std::size_t piece = 2 * model::transformer::block_rows;
        seen.expect(first_position + static_cast<std::int32_t>(tokens.size()));
        for (; tokens.size() > piece; tokens = tokens.subspan(piece), first_position += piece) {
            if (!go_on()) return false;
            run(tokens.first(piece), first_position, cache, seen, std::span<float>{});
        }
        if (!go_on()) return false;
        run(tokens, first_position, cache, seen, logits);
        return true;
    }
    void run(std::span<std::int32_t const> tokens, std::int32_t first_position, cache::kv_cache& cache,
             cache::observation& seen, std::span<float> logits) const {
        auto workspace = borrow();
        model_.transformer.forward(tokens, first_position, cache, seen, logits, *workspace);
        std::lock_guard const lock{guard_};
        workspaces_.push_back(std::move(workspace));
    }

  private:
    [[nodiscard]] std::shared_ptr<prefill const> make_prefill(run_context& context,
                                                              std::span<std::int32_t const> tokens,
                                                              cache::observation_needs needs,
                                                              function_view<bool()> go_on) const {
        double const start = context.seconds();
        auto const& s = shape();
        auto made = std::make_shared<prefill>(
            prefill{cache::kv_cache{s.num_hidden_layers, s.num_key_value_heads, s.head_dim},
                    cache::observation{s.num_hidden_layers, s.num_attention_heads, s.num_key_value_heads,
                                       remembers_ ? needs.with(common_) : needs},
                    std::vector<float>(static_cast<std::size_t>(s.vocab_size))});
        made->cache.reserve(static_cast<std::int32_t>(tokens.size()));
        if (!run(tokens, 0, made->cache, made->seen, made->logits, go_on)) return nullptr;
        made->seconds = context.seconds() - start;
        return made;
    }
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

/// One request on its way.
class embedded_answer {
  public:
    embedded_answer(embedded_core const& core, run_context& context, request const& r, token_sink const* sink)
        : core_{core}, context_{context}, request_{r}, sink_{sink}, start_{context.seconds()},
          stream_{r.seed.value_or(context.seed), "sample|" + (r.kv.item.empty() ? r.id : r.kv.item)} {}

    [[nodiscard]] outcome answer(cache::any_policy policy) {
        check(policy);
        tokens_ = core_.tokenize(request_);
        if (!tokens_.problem.empty()) return refused(tokens_.problem);
        auto const prompt = static_cast<std::int32_t>(tokens_.all.size());
        if (std::int32_t const most = core_.shape().max_position_embeddings; prompt >= most)
            return refused("This model's maximum context length is " + std::to_string(most) +
                           " tokens; the prompt has " + std::to_string(prompt) + " and leaves no room for an answer");
        cache::terms terms{.policy = policy,
                           .budget = request_.kv.budget,
                           .mode = request_.kv.mode.value_or(policy.when()),
                           .question = request_.kv.question,
                           .seed = request_.kv.seed,
                           .item = request_.kv.item};
        try {
            (void)cache::planned_slots(terms, static_cast<std::int64_t>(tokens_.compacted),
                                       core_.shape().num_hidden_layers, core_.shape().num_key_value_heads);
        } catch (error const& impossible) {
            return refused(impossible.what());
        }
        auto resident = prefilled(std::move(terms));
        return resident ? decode(std::move(*resident)) : cut_short();
    }

  private:
    void check(cache::any_policy const& policy) const {
        cache::check_budget(request_.kv.budget);
        if (policy.name() == "full" && request_.kv.budget < 1)
            throw error{error_kind::usage, "kv.policy", "full keeps every entry", "budget 1 for the policy full"};
        if (request_.max_tokens < 1)
            throw error{error_kind::usage, "max_tokens", std::to_string(request_.max_tokens), "at least 1"};
        if (!(request_.temperature >= 0))
            throw error{error_kind::usage, "temperature", shortest(request_.temperature), "0 or more"};
    }

    /// Prefill and compaction; afterwards `logits_` are those of the prompt's last token. Empty where it was cut short.
    [[nodiscard]] std::optional<cache::resident_set> prefilled(cache::terms terms) {
        auto const all = std::span<std::int32_t const>{tokens_.all};
        auto const go_on = [&] { return !late() && !context_.stop_requested(); };
        double const before = context_.seconds();
        auto const [full, found] = core_.prefilled(context_, all.first(tokens_.compacted), terms.policy.needs(), go_on);
        if (full == nullptr) return std::nullopt;
        prefill_cached_ = found;
        prefill_s_ = full->seconds;
        if (found) saved_s_ = prefill_s_ - (context_.seconds() - before);
        logits_ = full->logits;
        cache::resident_set resident{std::move(terms), full->cache, full->seen};
        if (auto const question = all.subspan(tokens_.compacted); !question.empty()) {
            auto const first = static_cast<std::int32_t>(tokens_.compacted),
                       count = static_cast<std::int32_t>(question.size());
            resident.begin_question(first, count);
            if (!core_.run(question, first, resident.cache(), resident.observer(), logits_, go_on)) return std::nullopt;
            resident.note();
        }
        return resident;
    }

    [[nodiscard]] outcome decode(cache::resident_set resident) {
        auto position = static_cast<std::int32_t>(tokens_.all.size());
        model::temperature const sampler{request_.temperature};
        for (;; ++position) {
            std::int32_t const next = sampler.choose(logits_, stream_);
            if (ttfb_s_ < 0) ttfb_s_ = elapsed();
            if (core_.ends(next)) return finished("stop", resident);
            answer_.push_back(next);
            if (sink_ != nullptr && !hand_out())
                return failed(failure_kind::network, "connection closed: nobody listens any more");
            if (core_.stops_after(next)) return finished("stop", resident);
            if (static_cast<std::int64_t>(answer_.size()) == request_.max_tokens ||
                position == core_.shape().max_position_embeddings)
                return finished("length", resident);
            if (late()) return cut_short();
            resident.make_room();
            resident.observer().expect(position + 1);
            core_.run(std::span{answer_}.last(1), position, resident.cache(), resident.observer(), logits_);
            resident.note();
        }
    }

    /// Gives the new part of the text away; false when nobody wants more.
    [[nodiscard]] bool hand_out() {
        std::string const so_far = core_.model().tokenizer.decode(answer_);
        std::string_view const piece = std::string_view{so_far}.substr(handed_out_);
        handed_out_ = so_far.size();
        return piece.empty() || (*sink_)(piece);
    }

    /// Seconds so far, with the time a prefill took that was found in memory instead of the time it took to find.
    [[nodiscard]] double elapsed() const { return context_.seconds() - start_ + saved_s_; }
    [[nodiscard]] bool late() const {
        return request_.timeout_s > 0 && context_.seconds() - start_ > request_.timeout_s;
    }
    [[nodiscard]] outcome cut_short() const {
        if (context_.stop_requested()) return failed(failure_kind::network, "stopped before the answer began");
        return failed(failure_kind::timeout, "no complete answer within " + shortest(request_.timeout_s) + " s");
    }

    [[nodiscard]] outcome finished(std::string why, cache::resident_set const& resident) const {
        response out;
        out.text = core_.model().tokenizer.decode(answer_);
        out.finish_reason = std::move(why);
        auto const prompt = static_cast<std::int64_t>(tokens_.all.size()),
                   completion = static_cast<std::int64_t>(answer_.size());
        out.usage = {prompt, completion, prompt + completion};
        out.start_s = start_;
        out.latency_s = elapsed();
        out.ttfb_s = ttfb_s_;
        out.receipt = resident.receipt();
        cache::seal(*out.receipt, core_.hash(), cache::hash_tokens(tokens_.all), prompt);
        std::int64_t kept = 0;
        for (auto const& head : out.receipt->heads) kept += head.slots;
        out.kv_total_tokens = out.receipt->compacted_tokens;
        out.kv_retained_tokens =
            cache::round_half_even(static_cast<double>(kept) / static_cast<double>(out.receipt->heads.size()));
        out.proof = evidence::receipts;
        out.sent = budget_sent::yes;
        auto const unknown = std::count(tokens_.all.begin(), tokens_.all.end(), core_.model().tokenizer.unknown());
        out.notes = json::of({{"model", core_.model().name},
                              {"prefill_cached", prefill_cached_},
                              {"prefill_s", prefill_s_},
                              {"wall_s", context_.seconds() - start_},
                              {"unknown_tokens", static_cast<std::int64_t>(unknown)}});
        return out;
    }
    [[nodiscard]] outcome failed(failure_kind kind, std::string message) const {
        return failure{kind, std::move(message), {}, {}, start_};
    }
    [[nodiscard]] outcome refused(std::string message) const {
        return failed(failure_kind::refused, std::move(message));
    }

    embedded_core const& core_;
    run_context& context_;
    request const& request_;
    token_sink const* sink_;
    double start_, ttfb_s_ = -1, prefill_s_ = 0, saved_s_ = 0;
    random_stream stream_;
    tokenized tokens_;
    std::vector<float> logits_;
    ids answer_;
    std::size_t handed_out_ = 0;  ///< bytes of the answer's text
    bool prefill_cached_ = false;
};

KVT_DECL embedded_handle::embedded_handle(language_model model, embedded_options options,
                                          cache::observation_needs common)
    : core{std::make_shared<embedded_core const>(std::move(model), std::move(options), common)} {}

KVT_DECL outcome embedded_handle::generate(run_context& context, request const& r, cache::any_policy policy,
                                           token_sink const* sink) const {
    return embedded_answer{*core, context, r, sink}.answer(std::move(policy));
}

KVT_DECL identity embedded_handle::describe(std::string_view name) const {
    return {std::string{name}, {}, core->model().name, core->hash()};
}

}  // namespace detail
}  // namespace kvt::inline KVT_ABI::engine
