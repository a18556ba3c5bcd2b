// Random traces for the tests of this folder.
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/trace/check.hpp>
#include <kvt/trace/exposure.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace traces {

using kvt::trace::phase;
using kvt::trace::phase_kind;

/// Times are multiples of 1/64 and so exact under shifts and powers of two; some coincide.
struct shape {
    std::uint64_t requests = 12;
    double chunk = 64;
    bool whole_chunks = false, prefills = true, decodes = true;
};

inline double tick(kvt::random_stream& stream, std::uint64_t range) {
    return static_cast<double>(1 + stream.below(range)) / 64;
}

/// Prefills, decodes, gaps, repeats, zero tokens and decodes without a prefill.
inline std::vector<phase> some_trace(kvt::random_stream& stream, shape const& s = {}) {
    std::vector<phase> out;
    double now = 0;
    auto const requests = 1 + stream.below(s.requests);
    for (std::uint64_t i = 0; i < requests; ++i) {
        now += static_cast<double>(stream.below(200)) / 64;
        auto const id = "r" + std::to_string(i);
        double const middle = now + tick(stream, 160), tokens = static_cast<double>(stream.below(500));
        double const prompt = s.whole_chunks ? s.chunk * static_cast<double>(stream.below(8)) : tokens;
        if (s.prefills && (!s.decodes || stream.below(8) > 0)) out.push_back({id, phase_kind::prefill, now, middle, prompt, 0});
        if (!s.decodes || (s.prefills && stream.below(8) == 0)) continue;
        phase const decode{id, phase_kind::decode, middle, middle + tick(stream, 320), 0, static_cast<double>(stream.below(40))};
        out.push_back(decode);
        if (stream.below(10) == 0) out.push_back(decode);
    }
    if (out.empty()) return some_trace(stream, s);
    return out;
}

inline void shuffle(std::vector<phase>& rows, kvt::random_stream& stream) {
    for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[stream.below(i)]);
}

/// `rows`, and behind them `more` under names of their own, all of it later by `by`.
inline std::vector<phase> with_later(std::vector<phase> rows, std::vector<phase> const& more, double by) {
    for (auto const& p : more)
        rows.push_back({p.request_id + "'", p.phase_type, p.t_start + by, p.t_end + by, p.prefill_tokens, p.decode_tokens});
    return rows;
}
/// One trace, and when it has ended and `gap` has passed another.
inline std::vector<phase> with_gap(std::vector<phase> const& early, std::vector<phase> const& late, double gap) {
    double last = 0;
    for (auto const& p : early) last = std::max(last, p.t_end);
    return with_later(early, late, last + gap);
}

inline kvt::trace::exposure exposed(std::vector<phase> const& rows, double chunk = 64, double clamp = 0) {
    using namespace kvt::trace;
    return expose_trace(check_trace(table_of(rows), {.chunk_size = chunk, .min_duration_sec = clamp}, prompt_use::needed));
}

/// The four phases of the worked example.
inline std::vector<phase> four_phases() {
    return {{"A", phase_kind::prefill, 0, 2, 96, 0},
            {"A", phase_kind::decode, 2, 6, 0, 4},
            {"B", phase_kind::prefill, 1, 3, 64, 0},
            {"B", phase_kind::decode, 3, 5, 0, 2}};
}

}  // namespace traces
