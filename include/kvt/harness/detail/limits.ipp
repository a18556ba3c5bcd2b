#pragma once

#include <kvt/core/json_path.hpp>
#include <kvt/core/lenient_number.hpp>
#include <kvt/engine/transport.hpp>
#include <kvt/harness/limits.hpp>
#include <kvt/harness/prompt_guard.hpp>

namespace kvt::inline KVT_ABI::harness {
namespace detail {

KVT_DECL std::optional<std::int64_t> positive(std::optional<std::int64_t> n) { return n && *n > 0 ? n : std::nullopt; }

/// The value at a dotted key, null where there is none.
KVT_DECL json const& inside(json const& settings, std::string_view key) {
    static json const absent;
    auto const* found = value_at(settings, key);
    return found == nullptr ? absent : *found;
}

}  // namespace detail

KVT_DECL retry_policy read_retries(json const& retries) {
    using detail::inside;
    retry_policy p;
    if (auto const n = lenient_integer(inside(retries, "max_attempts"))) p.max_attempts = *n;
    if (auto const s = lenient_real(inside(retries, "backoff_base_s"))) p.backoff_base_s = *s;
    if (auto const s = lenient_real(inside(retries, "backoff_max_s"))) p.backoff_max_s = *s;
    return p.clamped();
}

KVT_DECL std::optional<std::int64_t> read_requests_per_minute(json const& settings) {
    using detail::inside;
    for (auto const* value : {&inside(settings, "run.pacing.requests_per_minute"),
                              &inside(settings, "engine.rate_limit.max_rpm"), &inside(settings, "rate_limit.max_rpm")})
        if (auto const rpm = detail::positive(lenient_integer(*value))) return rpm;
    return std::nullopt;
}

KVT_DECL std::optional<std::int64_t> read_prompt_cap(json const& settings) {
    using detail::inside, detail::positive;
    auto const& run = inside(settings, "run");
    if (auto const* own = run.find("runtime_prompt_cap"); own != nullptr && !(*own == json{"computed"})) {
        if (own->is_null()) return std::nullopt;
        auto const cap = lenient_integer(*own);
        if (!cap)
            throw error{error_kind::usage, "run.runtime_prompt_cap", "found " + dump(*own),
                        "computed, null or a number of tokens"};
        return positive(cap);
    }
    prompt_window window;
    if (auto const n = positive(lenient_integer(inside(settings, "model.max_model_len")))) window.max_model_len = *n;
    auto answer = positive(lenient_integer(inside(settings, "generation.max_tokens")));
    if (!answer) answer = positive(lenient_integer(inside(settings, "decoding.max_tokens")));
    if (answer) window.max_tokens = *answer;
    window.buffer = lenient_integer(inside(run, "prompt_buffer"));
    auto const& base = inside(settings, "engine.base_url");
    window.openai_host = base.is_text() && engine::is_openai_host(base.text());
    return prompt_cap(window);
}

}  // namespace kvt::inline KVT_ABI::harness
