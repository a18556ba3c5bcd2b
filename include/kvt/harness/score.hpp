// score: executed -> scored. One score row for every request, answered or not.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/eval/scoring.hpp>
#include <kvt/eval/token_f1.hpp>
#include <kvt/harness/artifacts.hpp>
#include <kvt/harness/schema.hpp>
#include <kvt/store/session.hpp>

#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// One request with all that scoring needs.
struct scorable_request {
    std::string request_id;
    eval::answer came_back;
    std::vector<std::string> golds;
};

/// The run's requests in entry order.
[[nodiscard]] std::vector<scorable_request> scorable_requests(store::session& store, std::string const& run_id);

/// Whether a stored score still stands: same rules, and it was made of an answer.
[[nodiscard]] bool score_stands(store::session& store, std::string const& request_id, std::string const& version);

/// The table row of a score.
[[nodiscard]] score_row to_row(std::string const& request_id, eval::score const& s);

/// Scores every request of every run; the first metric is what accuracy means from here on. Exact match and token F1 are
/// stored beside it whatever the metrics; a further metric that is neither becomes the task score. Scoring twice gives
/// the same rows, and rows that stand are left alone.
template <eval::metric Primary, eval::metric... Others> class score {
  public:
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "score";

    explicit score(Primary primary, Others... others) : metrics_{std::move(primary), std::move(others)...} {}

    scored operator()(run_context& ctx, executed const& in) const {
        auto& db = ctx.get<store::session>("a store, as in run_context{store::sqlite{path}}");
        auto task = ctx.progress.begin("score", in.runs.size(), "runs");
        for (auto const& run : in.runs) {
            store::transaction(db, [&] {
                for (auto const& request : scorable_requests(db, run))
                    if (!score_stands(db, request.request_id, version())) store::upsert(db, to_row(request.request_id, rate(request)));
            });
            task.advance();
        }
        return {in};
    }

    /// Names the metrics and their parameters; a row of another version is scored anew.
    [[nodiscard]] std::string version() const {
        std::string out = "kvt-1";
        std::apply([&](auto const&... m) { ((out += "/" + std::string{std::remove_cvref_t<decltype(m)>::name} + dump(to_json(m))), ...); },
                   metrics_);
        return out;
    }

  private:
    [[nodiscard]] eval::score rate(scorable_request const& request) const {
        eval::scoring rules;
        std::apply([&](auto const&... m) { (adopt(rules, m), ...); }, metrics_);
        auto out = eval::score_answer(request.came_back, request.golds, rules);
        if (out.scorable) {
            out.acc = eval::best(std::get<0>(metrics_), *request.came_back.text, request.golds);
            std::apply([&](auto const&... m) { (add_task_score(out, m, request), ...); }, metrics_);
        }
        out.metric_version = version();
        return out;
    }
    /// The overlap rule of a token F1 among the metrics is the one that column f1 follows.
    template <class M> static void adopt(eval::scoring& rules, M const& m) {
        if constexpr (std::same_as<M, eval::token_f1>) rules.f1_overlap = m.overlap;
    }
    template <class M> static void add_task_score(eval::score& out, M const& m, scorable_request const& request) {
        if (M::name != "em" && M::name != "f1") out.task_score = eval::best(m, *request.came_back.text, request.golds);
    }

    std::tuple<Primary, Others...> metrics_;
};

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/score.ipp>
#endif
