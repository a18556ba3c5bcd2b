// One request of an embedded engine on its way, step by step.
#pragma once

#include <kvt/cache/resident_set.hpp>
#include <kvt/engine/detail/embedded_core.ipp>
#include <kvt/engine/scheduler.hpp>
#include <kvt/model/sampler.hpp>

#include <atomic>
#include <exception>
#include <optional>

namespace kvt::inline KVT_ABI::engine::detail {

/// A `stepped` request. `answer` runs on the caller's thread and hands it to `serve`, which forms steps: in each it runs
/// some tokens of the prompt (up to `place().now`) or one of the answer, as the passes of `next`.
class embedded_answer {
  public:
    embedded_answer(embedded_core const& core, run_context& context, request const& r, token_sink const* sink)
        : core_{core}, context_{context}, request_{r}, sink_{sink}, start_{context.seconds()},
          stream_{r.seed.value_or(context.seed), "sample|" + (r.kv.item.empty() ? r.id : r.kv.item)} {}

    /// `serve(*this)` runs steps until it is finished.
    [[nodiscard]] outcome answer(cache::any_policy policy, function_view<void(embedded_answer&)> serve) {
        check(policy);
        tokens_ = core_.tokenize(request_);
        if (!tokens_.problem.empty()) return refused(tokens_.problem);
        auto const prompt = static_cast<std::int32_t>(tokens_.all.size());
        if (std::int32_t const most = core_.shape().max_position_embeddings; prompt >= most)
            return refused("This model's maximum context length is " + std::to_string(most) +
                           " tokens; the prompt has " + std::to_string(prompt) + " and leaves no room for an answer");
        terms_.emplace(cache::terms{.policy = policy,
                                    .budget = request_.kv.budget,
                                    .mode = request_.kv.mode.value_or(policy.when()),
                                    .question = request_.kv.question,
                                    .seed = request_.kv.seed,
                                    .item = request_.kv.item});
        try {
            (void)cache::planned_slots(*terms_, static_cast<std::int64_t>(tokens_.compacted),
                                       core_.shape().num_hidden_layers, core_.shape().num_key_value_heads);
        } catch (error const& impossible) {
            return refused(impossible.what());
        }
        if (!look_up()) return cut_short();
        serve(*this);
        claim_ = {};  // for whoever waits, where it came to nothing
        if (thrown_) std::rethrow_exception(thrown_);
        if (deserted_) return failed(failure_kind::network, "connection closed: nobody listens any more");
        return why_.empty() ? cut_short() : answered();
    }

    // What the step loop asks; see `stepped`.

    [[nodiscard]] trace::step_place& place() { return place_; }
    [[nodiscard]] bool finished() const { return done_; }
    [[nodiscard]] std::span<std::int32_t const> tokens() const { return answer_; }
    [[nodiscard]] step_work ran() { return std::exchange(ran_, {}); }
    [[nodiscard]] std::string label() const { return request_.id; }
    [[nodiscard]] bool goes_on() {
        bool const stopped = !place_.decoding && context_.stop_requested();  // an answer that has begun is finished
        if (!done_ && (late() || stopped || deserted_)) done_ = true;
        return !done_;
    }
    void fail(std::exception_ptr problem) { thrown_ = std::move(problem), done_ = true; }
    void begin() {
        guarded([&] {
            place_.prompt_left = static_cast<std::int64_t>(tokens_.all.size());
            if (full_ == nullptr) {
                made_ = core_.new_prefill(tokens_.compacted, terms_->policy.needs());
                begun_s_ = context_.seconds();
                return;
            }
            advance(tokens_.compacted);
            compact(*std::exchange(full_, nullptr));
            if (place_.prompt_left == 0) speak();
        });
    }

    // What one step does with it.

    void begin_step() { todo_ = place_.decoding ? 1 : static_cast<std::size_t>(place_.now); }
    /// The next tokens to run in this step; absent where there are none. A prompt that is compacted before its end takes
    /// two passes in the step that crosses that point.
    [[nodiscard]] std::optional<embedded_core::pass> next() {
        std::optional<embedded_core::pass> out;
        if (todo_ > 0 && !done_) guarded([&] { out = place_.decoding ? answer_pass() : prompt_pass(); });
        return out;
    }
    void passed(embedded_core::pass const& ran) {
        guarded([&] {
            auto const count = ran.tokens.size();
            auto const n = static_cast<double>(count),
                       lists = static_cast<double>(ran.cache->layers() * ran.cache->kv_heads());
            ran_.tokens += static_cast<std::int64_t>(count);
            ran_.attended += n * static_cast<double>(ran.cache->entries()) / lists - n * (n - 1) / 2;
            todo_ -= count;
            if (!place_.decoding) advance(count);
            if (made_ == nullptr) return resident_->note();
            if (run_ < tokens_.compacted) return;
            made_->seconds = prefill_s_ = context_.seconds() - begun_s_;
            logits_ = made_->logits;
            claim_.finish(made_);
            compact(*std::exchange(made_, nullptr));
        });
    }
    void end_step() {
        if (place_.prompt_left == 0 && !done_) guarded([&] { speak(); });
    }

    [[nodiscard]] bool listened_to() const { return sink_ != nullptr; }
    /// New tokens of the answer, on the caller's thread; gives the new part of the text away. What the listener throws goes
    /// to the caller, and the answer ends there.
    void hear(std::span<std::int32_t const> fresh) {
        for (auto id : fresh) {
            if (deserted_) return;
            try {
                deserted_ = !hand_out(id);
            } catch (...) {
                deserted_ = true;
                throw;
            }
        }
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

    template <class F> void guarded(F&& f) {
        try {
            f();
        } catch (...) {
            fail(std::current_exception());
        }
    }
    /// False where nobody listens any more. Words are joined, so what a token adds to the text depends on the last word
    /// before it and on nothing else: that one is decoded again, not the whole answer.
    [[nodiscard]] bool hand_out(std::int32_t id) {
        auto const& words = core_.model().tokenizer;
        last_word_.push_back(id);
        std::string const both = words.decode(last_word_);
        last_word_.pop_back();
        std::string const piece = both.substr(last_bytes_);
        if (auto const alone = words.decode(std::span{&id, 1}); !alone.empty())
            last_word_.assign(1, id), last_bytes_ = alone.size();
        return piece.empty() || (*sink_)(piece);
    }
    void advance(std::size_t tokens) { run_ += tokens, place_.prompt_left -= static_cast<std::int64_t>(tokens); }

    /// Finds the prefill, or takes on making it; false where it was cut short.
    [[nodiscard]] bool look_up() {
        auto const go_on = [&] { return !late() && !context_.stop_requested(); };
        double const before = context_.seconds();
        auto const first = std::span<std::int32_t const>{tokens_.all}.first(tokens_.compacted);
        auto got = core_.prefills().find_or_claim(cache::hash_tokens(first), terms_->policy.needs(), go_on);
        full_ = std::move(got.value), claim_ = std::move(got.mine);
        if (full_ == nullptr) return static_cast<bool>(claim_);
        prefill_cached_ = true;
        prefill_s_ = full_->seconds;
        saved_s_ = prefill_s_ - (context_.seconds() - before);
        logits_ = full_->logits;
        return true;
    }

    /// What stays of a finished prefill is copied out of it, and the rest of the prompt, the question, gets its room.
    void compact(prefill const& full) {
        resident_.emplace(std::move(*terms_), full.cache, full.seen);
        auto const first = static_cast<std::int32_t>(tokens_.compacted),
                   end = static_cast<std::int32_t>(tokens_.all.size());
        if (first == end) return;
        resident_->begin_question(first, end - first);
        resident_->observer().expect(end);
    }

    [[nodiscard]] embedded_core::pass prompt_pass() {
        auto const end = made_ != nullptr ? tokens_.compacted : tokens_.all.size();
        auto const count = std::min(todo_, end - run_);
        auto& logits = made_ != nullptr ? made_->logits : logits_;
        return {.tokens = std::span<std::int32_t const>{tokens_.all}.subspan(run_, count),
                .first_position = static_cast<std::int32_t>(run_),
                .cache = made_ != nullptr ? &made_->cache : &resident_->cache(),
                .observer = made_ != nullptr ? &made_->seen : &resident_->observer(),
                .last_logits = run_ + count == end ? std::span<float>{logits} : std::span<float>{}};
    }
    [[nodiscard]] embedded_core::pass answer_pass() {
        auto const position = last_position();
        resident_->make_room();
        resident_->observer().expect(position + 1);
        return {.tokens = std::span<std::int32_t const>{answer_}.last(1),
                .first_position = position,
                .cache = &resident_->cache(),
                .observer = &resident_->observer(),
                .last_logits = logits_};
    }
    /// Of the answer's last token.
    [[nodiscard]] std::int32_t last_position() const {
        return static_cast<std::int32_t>(tokens_.all.size() + answer_.size()) - 1;
    }

    /// Chooses the next token of the answer.
    void speak() {
        place_.decoding = true;
        std::int32_t const chosen = model::temperature{request_.temperature}.choose(logits_, stream_);
        if (ttfb_s_ < 0) ttfb_s_ = elapsed();
        bool const ends = !request_.ignore_eos;
        if (ends && core_.ends(chosen)) return finish("stop");
        answer_.push_back(chosen);
        if (ends && core_.stops_after(chosen)) return finish("stop");
        if (static_cast<std::int64_t>(answer_.size()) == request_.max_tokens ||
            last_position() == core_.shape().max_position_embeddings)
            finish("length");
    }
    void finish(char const* why) { why_ = why, took_s_ = elapsed(), done_ = true; }

    /// Seconds so far, with the time a prefill took that was found in memory instead of the time it took to find.
    [[nodiscard]] double elapsed() const { return context_.seconds() - start_ + saved_s_; }
    [[nodiscard]] bool late() const {
        return request_.timeout_s > 0 && context_.seconds() - start_ > request_.timeout_s;
    }
    [[nodiscard]] outcome cut_short() const {
        if (context_.stop_requested()) return failed(failure_kind::network, "stopped before the answer began");
        return failed(failure_kind::timeout, "no complete answer within " + shortest(request_.timeout_s) + " s");
    }

    [[nodiscard]] outcome answered() const {
        response out;
        out.text = core_.model().tokenizer.decode(answer_);
        out.finish_reason = why_;
        auto const prompt = static_cast<std::int64_t>(tokens_.all.size()),
                   completion = static_cast<std::int64_t>(answer_.size());
        out.usage = {prompt, completion, prompt + completion};
        out.start_s = start_;
        out.latency_s = took_s_;
        out.ttfb_s = ttfb_s_;
        out.receipt = resident_->receipt();
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
    double start_, ttfb_s_ = -1, prefill_s_ = 0, saved_s_ = 0, begun_s_ = 0, took_s_ = 0;
    random_stream stream_;
    tokenized tokens_;
    std::optional<cache::terms> terms_;  ///< until compaction
    prefill_store::claim claim_;
    std::shared_ptr<prefill const> full_;  ///< found
    std::shared_ptr<prefill> made_;        ///< under way
    std::optional<cache::resident_set> resident_;
    std::vector<float> logits_;
    ids answer_;
    trace::step_place place_;
    std::size_t run_ = 0;   ///< tokens of the prompt that are in a cache
    std::size_t todo_ = 0;  ///< tokens still to be run in this step
    step_work ran_;
    std::string why_;  ///< it ended; empty: it was cut short
    std::exception_ptr thrown_;
    bool done_ = false, prefill_cached_ = false;
    std::atomic<bool> deserted_{false};  ///< nobody listens any more
    ids last_word_;                      ///< handed out, on the caller's thread: a token that has a text, or none yet
    std::size_t last_bytes_ = 0;         ///< of its text
};

}  // namespace kvt::inline KVT_ABI::engine::detail
