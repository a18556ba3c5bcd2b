// mock: an engine without a model, scripted or obeying a stated law, for tests and dry runs.
#pragma once

#include <kvt/engine/engine.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::engine {

/// What to answer, or how to fail, where the prompt contains a text.
struct scripted_reply {
    std::string contains{};             ///< empty: every prompt
    std::int64_t calls = 0;             ///< for the first so many calls of each request id; 0: for all
    std::optional<failure> error{};     ///< fails like this
    std::optional<std::string> text{};  ///< answers this; absent (and no error): the law decides
    std::string finish_reason = "stop";
    double delay_s = 0;  ///< beside the law's
};
KVT_RECORD(scripted_reply, contains, calls, error, text, finish_reason, delay_s);

/// How often the mock is right: full_quality / (1 + exp((critical - budget) / width)), where the critical budget grows
/// with the prompt: critical_budget * (tokens / reference_tokens) ^ length_exponent. At budget 1 it is full_quality.
struct quality_law {
    double full_quality = 1;
    double critical_budget = 0.3;
    double width = 0.05;
    double reference_tokens = 512;
    double length_exponent = 0.25;

    [[nodiscard]] double probability(double budget, std::int64_t tokens) const;
};
KVT_RECORD(quality_law, full_quality, critical_budget, width, reference_tokens, length_exponent);

/// The right answer to the prompt of one item (`request.kv.item`).
struct known_answer {
    std::string item{}, answer{};
};
KVT_RECORD(known_answer, item, answer);

/// Whether delays really pass or are only reported.
enum class mock_timing : std::uint8_t { reported, slept };
KVT_CHOICE(mock_timing, "reported", "slept");

/// How often each request id has called; shared by copies.
class call_counts {
  public:
    call_counts();
    /// Counts one more call; returns its number, from 1 on.
    std::int64_t add(std::string const& id) const;
    /// Calls so far, of one request id or (empty) of all.
    [[nodiscard]] std::int64_t of(std::string const& id = {}) const;

  private:
    struct state;
    std::shared_ptr<state> state_;
};

/// The first scripted reply that fits decides; else the law: the item's known answer with the law's probability, the
/// wrong one otherwise. One number is drawn per (seed, item), so an item that is right at one budget is right at every
/// larger one. Tokens are words at white space. A delay beyond the request's timeout is a `timeout`. Deterministic for any
/// number of threads: calls are counted per request id. There is no cache, so a budget is taken and nothing proves that it
/// was kept; `receipts` is refused with `error{usage}`.
struct mock {
    static constexpr std::string_view name = "mock";

    std::vector<scripted_reply> script{};
    std::vector<known_answer> answers{};
    quality_law law{};
    std::string wrong = "wrong";
    double base_delay_s = 0.01;
    double delay_per_token_s = 1e-5;  ///< of the tokens kept
    mock_timing timing = mock_timing::reported;
    evidence proof = evidence::none;  ///< or `acknowledged`: claims to have kept what the budget asks for
    std::int64_t seed = 1337;
    std::string model = "mock";
    call_counts calls{};  ///< no parameter: what happened so far

    [[nodiscard]] outcome generate(run_context& context, request const& r) const;
    [[nodiscard]] identity describe() const { return {std::string{name}, {}, model, {}}; }
    [[nodiscard]] evidence proves() const { return proof; }
};
KVT_RECORD(mock, script, answers, law, wrong, base_delay_s, delay_per_token_s, timing, proof, seed, model);

static_assert(engine<mock>);

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/mock.ipp>
#endif
