// probe: one long prompt at every budget, before an experiment is paid for: what can this engine prove?
#pragma once

#include <kvt/engine/evidence.hpp>
#include <kvt/engine/transport.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::engine {

/// One probing request.
struct probe_row {
    double budget = 1;
    std::string outcome{};  ///< "answered", else the kind of failure
    evidence proof = evidence::none;
    std::optional<std::int64_t> total_tokens{}, retained_tokens{}, bytes_full{}, bytes_kept{};
    double latency_s = 0;
    std::string note{};  ///< the failure's message, or why a proof was not accepted
};
KVT_RECORD(probe_row, budget, outcome, proof, total_tokens, retained_tokens, bytes_full, bytes_kept, latency_s, note);

struct probe_result {
    identity who{};
    std::vector<probe_row> rows{};
    std::vector<budget_evidence> budgets{};  ///< judged, in the order asked for
    noop_check outputs{};                    ///< of the largest against the smallest budget
};
KVT_RECORD(probe_result, who, rows, budgets, outputs);

namespace detail {
struct probe_notes {
    probe_row row;
    std::optional<std::string> text;
    budget_sent sent = budget_sent::no;
};
[[nodiscard]] probe_notes note_probe(double budget, outcome const& given);
[[nodiscard]] probe_result conclude_probe(identity who, std::span<double const> budgets,
                                          std::vector<probe_notes> const& notes);
}  // namespace detail

/// Sends `sample` at every budget, `times` times each (at least once), budgets in the order given.
/// `sample.extra_body` may still hold templates; they are expanded for each budget.
template <engine E>
[[nodiscard]] probe_result probe(E const& e, run_context& context, request const& sample,
                                 std::span<double const> budgets, std::int64_t times = 1) {
    std::vector<detail::probe_notes> notes;
    auto const who = e.describe();
    for (double const budget : budgets)
        for (std::int64_t i = 0; i < (times > 1 ? times : 1); ++i) {
            request r = sample;
            r.kv.budget = budget;
            put_extra_body(r, sample.extra_body,
                           {budget, r.kv.policy, "probe", r.model.empty() ? who.model : r.model, r.seed});
            notes.push_back(detail::note_probe(budget, e.generate(context, r)));
        }
    return detail::conclude_probe(who, budgets, notes);
}

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/probe.ipp>
#endif
