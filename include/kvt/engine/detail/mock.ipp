#pragma once

#include <kvt/engine/mock.hpp>
#include <kvt/engine/prompt_text.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>

namespace kvt::inline KVT_ABI::engine {

KVT_DECL double quality_law::probability(double budget, std::int64_t tokens) const {
    if (budget >= 1) return full_quality;
    double const critical = critical_budget * std::pow(static_cast<double>(tokens) / reference_tokens, length_exponent);
    return full_quality / (1 + std::exp((critical - budget) / width));
}

struct call_counts::state {
    std::mutex guard{};
    std::map<std::string, std::int64_t> by_id{};
};

KVT_DECL call_counts::call_counts() : state_{std::make_shared<state>()} {}

KVT_DECL std::int64_t call_counts::add(std::string const& id) const {
    std::lock_guard const lock{state_->guard};
    return ++state_->by_id[id];
}

KVT_DECL std::int64_t call_counts::of(std::string const& id) const {
    std::lock_guard const lock{state_->guard};
    std::int64_t sum = 0;
    for (auto const& [one, n] : state_->by_id) sum += id.empty() || id == one ? n : 0;
    return sum;
}

namespace detail {
[[nodiscard]] KVT_DECL std::int64_t words_in(std::string_view text) {
    std::int64_t words = 0;
    bool inside = false;
    for (char c : text) {
        bool const space = c == ' ' || (c >= '\t' && c <= '\r');
        words += !space && !inside ? 1 : 0;
        inside = !space;
    }
    return words;
}

/// What the law lets the mock say.
[[nodiscard]] KVT_DECL std::string lawful_text(mock const& m, request const& r, std::int64_t tokens) {
    random_stream draw{m.seed, "mock|" + (r.kv.item.empty() ? prompt_text(r) : r.kv.item)};
    if (draw.unit() >= m.law.probability(r.kv.budget, tokens)) return m.wrong;
    for (auto const& known : m.answers)
        if (known.item == r.kv.item) return known.answer;
    return m.wrong;
}
}  // namespace detail

KVT_DECL outcome mock::generate(run_context& context, request const& r) const {
    cache::check_budget(r.kv.budget);
    if (proof == evidence::receipts)
        throw error{error_kind::usage, "engine.mock.proof", "a mock has no cache to write a receipt of",
                    "none or acknowledged"};
    double const start = context.seconds();
    std::string const prompt = prompt_text(r);
    std::int64_t const tokens = detail::words_in(prompt), call = calls.add(r.id);
    std::int64_t const kept =
        r.kv.budget >= 1 ? tokens : cache::round_half_even(r.kv.budget * static_cast<double>(tokens));
    scripted_reply const* scripted = nullptr;
    for (auto const& s : script)
        if (scripted == nullptr && (s.calls == 0 || call <= s.calls) && prompt.find(s.contains) != std::string::npos)
            scripted = &s;
    double const delay =
        base_delay_s + delay_per_token_s * static_cast<double>(kept) + (scripted != nullptr ? scripted->delay_s : 0);
    double const waited = r.timeout_s > 0 ? std::min(delay, r.timeout_s) : delay;
    if (timing == mock_timing::slept) context.sleep(waited);
    if (waited < delay)
        return failure{failure_kind::timeout, "no answer within " + shortest(r.timeout_s) + " s", {}, {}, start};
    if (scripted != nullptr && scripted->error) {
        failure out = *scripted->error;
        out.start_s = start;
        return out;
    }
    response out;
    out.text = scripted != nullptr && scripted->text ? *scripted->text : detail::lawful_text(*this, r, tokens);
    out.finish_reason = scripted != nullptr ? scripted->finish_reason : "stop";
    std::int64_t const words = detail::words_in(*out.text);
    out.usage = {tokens, words, tokens + words};
    out.start_s = start;
    out.latency_s = delay;
    out.proof = proof;
    out.sent = budget_sent::yes;
    if (proof != evidence::none) out.kv_total_tokens = tokens, out.kv_retained_tokens = kept;
    return out;
}

}  // namespace kvt::inline KVT_ABI::engine
