// An engine for tests of engines: repeats the prompt's last words and keeps a cache of one layer and one head.
#pragma once

#include <kvt/cache/policies.hpp>
#include <kvt/cache/receipt.hpp>
#include <kvt/engine/engine.hpp>
#include <kvt/engine/prompt_text.hpp>

#include <optional>
#include <string>
#include <vector>

namespace parrot {

using namespace kvt;

/// A receipt that verifies: the newest tokens are kept.
inline cache::receipt newest_kept(engine::kv_request const& kv, std::int64_t tokens) {
    auto const policy = cache::make_policy(kv.policy, kv.parameters);
    cache::receipt r;
    r.policy = kv.policy;
    r.parameters = kv.parameters;
    r.budget = kv.budget;
    r.mode = kv.mode.value_or(cache::budget_mode::prompt);
    r.question = kv.question;
    r.seed = kv.seed;
    r.item = kv.item;
    r.prompt_tokens = r.compacted_tokens = tokens;
    r.head_dim = 4;
    auto const slots = cache::distribute(kv.budget, tokens, 1, 1).front();
    r.bytes_full = cache::payload_bytes(tokens, r.head_dim, r.bits);
    r.bytes_kept = r.bytes_peak = cache::payload_bytes(slots, r.head_dim, r.bits);
    std::vector<std::int32_t> kept;
    for (auto p = tokens - slots; p < tokens; ++p) kept.push_back(static_cast<std::int32_t>(p));
    r.heads = {{0, 0, cache::to_deltas(kept), slots, r.bytes_kept}};
    r.model_hash = sha256_hex("parrot");
    r.prompt_hash = sha256_hex("prompt");
    r.config_hash = cache::hash_terms(r);
    r.hash = cache::hash_receipt(r);
    return r;
}

/// Whether the parrot hands its words out one by one. (Two types, because a concept decides.)
template <bool Streams> struct bird {
    engine::evidence gives = engine::evidence::receipts;
    std::optional<engine::failure> always{};  ///< fails every request
    std::string answer{};                     ///< instead of the prompt's words
    std::int64_t fails_after = -1;            ///< pieces after which a streamed answer breaks off
    bool boasts = false;                      ///< claims its receipts and keeps them to itself

    static constexpr std::string_view name = "parrot";

    engine::outcome generate(run_context& context, engine::request const& r) const { return say(context, r, nullptr); }
    engine::outcome generate(run_context& context, engine::request const& r,
                             engine::token_sink sink) const requires Streams {
        return say(context, r, &sink);
    }
    engine::identity describe() const { return {std::string{name}, "", "polly", sha256_hex("parrot")}; }
    engine::evidence proves() const { return gives; }

  private:
    engine::outcome say(run_context& context, engine::request const& r, engine::token_sink const* sink) const {
        if (always) return *always;
        engine::response out;
        out.start_s = context.seconds();
        std::vector<std::string> words;
        std::string word;
        for (char c : engine::prompt_text(r) + " ") {
            if (c != ' ' && c != '\n') word += c;
            else if (!word.empty()) words.push_back(std::exchange(word, {}));
        }
        auto const tokens = static_cast<std::int64_t>(words.size());
        auto const receipt = newest_kept(r.kv, tokens);
        auto const said = std::min(r.max_tokens, tokens);
        std::vector<std::string> pieces;
        for (auto i = tokens - said; i < tokens; ++i)
            pieces.push_back((pieces.empty() ? "" : " ") + words[static_cast<std::size_t>(i)]);
        if (!answer.empty()) {
            pieces.clear();
            for (char c : answer) pieces.emplace_back(1, c);  // bytes, so that characters are cut apart
        }
        out.text = "";
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            if (static_cast<std::int64_t>(i) == fails_after)
                return engine::failure{engine::failure_kind::timeout, "timed out: halfway", {}, {}, 0};
            *out.text += pieces[i];
            if (sink != nullptr && !(*sink)(pieces[i])) break;
        }
        out.finish_reason = said < tokens ? "length" : "stop";
        out.usage = {tokens, said, {}};
        if (gives != engine::evidence::none)
            out.kv_total_tokens = tokens, out.kv_retained_tokens = receipt.heads.front().slots;
        if (gives == engine::evidence::receipts && !boasts) out.receipt = receipt;
        out.proof = gives;
        out.sent = gives != engine::evidence::none ? engine::budget_sent::yes : r.extra_body_budget;
        out.latency_s = context.seconds() - out.start_s;
        return out;
    }
};

using whole = bird<false>;
using streaming = bird<true>;

}  // namespace parrot
