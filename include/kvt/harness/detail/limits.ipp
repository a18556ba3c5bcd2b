#pragma once

#include <kvt/engine/transport.hpp>
#include <kvt/harness/limits.hpp>
#include <kvt/harness/prompt_guard.hpp>

#include <charconv>
#include <cmath>

namespace kvt::inline KVT_ABI::harness {
namespace detail {

/// A number, or text that is one, as `T`; empty for everything else. `value` may be null.
template <class T> std::optional<T> lenient_number(json const* value) {
    if (value == nullptr) return std::nullopt;
    if (value->is_text()) {
        std::string_view text = value->text();
        auto const first = text.find_first_not_of(" \t\r\n");
        if (first == std::string_view::npos) return std::nullopt;
        text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
        T out{};
        auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), out);
        if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
        return out;
    }
    if (value->is_integer()) return static_cast<T>(value->integer());
    double constexpr largest_exact = 9007199254740992.0;
    if (!value->is_real() || !(std::abs(value->real()) <= largest_exact)) return std::nullopt;
    return static_cast<T>(value->real());
}
KVT_DECL std::optional<std::int64_t> lenient_integer(json const* value) { return lenient_number<std::int64_t>(value); }
KVT_DECL std::optional<double> lenient_real(json const* value) {
    auto const out = lenient_number<double>(value);
    return out && std::isfinite(*out) ? out : std::nullopt;
}
KVT_DECL std::optional<std::int64_t> positive(std::optional<std::int64_t> n) { return n && *n > 0 ? n : std::nullopt; }

KVT_DECL json const* inside(json const* place, char const* key) {
    return place != nullptr ? place->find(key) : nullptr;
}

}  // namespace detail

KVT_DECL retry_policy read_retries(json const& retries) {
    retry_policy p;
    if (auto const n = detail::lenient_integer(retries.find("max_attempts"))) p.max_attempts = *n;
    if (auto const s = detail::lenient_real(retries.find("backoff_base_s"))) p.backoff_base_s = *s;
    if (auto const s = detail::lenient_real(retries.find("backoff_max_s"))) p.backoff_max_s = *s;
    return p.clamped();
}

KVT_DECL std::optional<std::int64_t> read_requests_per_minute(json const& settings) {
    auto const* pacing = detail::inside(settings.find("run"), "pacing");
    auto const* limit = detail::inside(settings.find("engine"), "rate_limit");
    for (auto const* value : {detail::inside(pacing, "requests_per_minute"), detail::inside(limit, "max_rpm"),
                              detail::inside(settings.find("rate_limit"), "max_rpm")})
        if (auto const rpm = detail::positive(detail::lenient_integer(value))) return rpm;
    return std::nullopt;
}

KVT_DECL std::optional<std::int64_t> read_prompt_cap(json const& settings) {
    using namespace detail;
    auto const* run = settings.find("run");
    if (auto const* own = inside(run, "runtime_prompt_cap"); own != nullptr && !(*own == json{"computed"})) {
        if (own->is_null()) return std::nullopt;
        auto const cap = lenient_integer(own);
        if (!cap)
            throw error{error_kind::usage, "run.runtime_prompt_cap", "found " + dump(*own),
                        "computed, null or a number of tokens"};
        return positive(cap);
    }
    prompt_window window;
    if (auto const n = positive(lenient_integer(inside(settings.find("model"), "max_model_len"))))
        window.max_model_len = *n;
    auto answer = positive(lenient_integer(inside(settings.find("generation"), "max_tokens")));
    if (!answer) answer = positive(lenient_integer(inside(settings.find("decoding"), "max_tokens")));
    if (answer) window.max_tokens = *answer;
    window.buffer = lenient_integer(inside(run, "prompt_buffer"));
    auto const* base = inside(settings.find("engine"), "base_url");
    window.openai_host = base != nullptr && base->is_text() && engine::is_openai_host(base->text());
    return prompt_cap(window);
}

}  // namespace kvt::inline KVT_ABI::harness
