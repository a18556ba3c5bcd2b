// score: executed -> scored. One score row for every request, answered or not.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/eval/scoring.hpp>
#include <kvt/harness/artifacts.hpp>
#include <kvt/harness/schema.hpp>
#include <kvt/store/session.hpp>

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

/// Scores every request of every run as `eval::score_answer` does; the first metric is what accuracy means from here on.
/// Scoring twice gives the same rows, and rows that stand are left alone.
template <eval::metric Primary, eval::metric... Others> class score {
  public:
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "score";

    explicit score(Primary primary, Others... others) : metrics_{std::move(primary), std::move(others)...} {}

    scored operator()(run_context& ctx, executed const& in) const {
        auto& db = ctx.get<store::session>("a store, as in run_context{store::sqlite{path}}");
        auto task = ctx.progress.begin("score", in.runs.size(), "runs");
        auto const rules = version();
        for (auto const& run : in.runs) {
            store::transaction(db, [&] {
                for (auto const& request : scorable_requests(db, run))
                    if (!score_stands(db, request.request_id, rules))
                        store::upsert(db, to_row(request.request_id, rate(request)));
            });
            task.advance();
        }
        return {in};
    }

    /// Names the metrics and their parameters; a row of another version is scored anew.
    [[nodiscard]] std::string version() const {
        return std::apply([](auto const&... m) { return eval::metric_version(m...); }, metrics_);
    }

  private:
    [[nodiscard]] eval::score rate(scorable_request const& r) const {
        return std::apply([&](auto const&... m) { return eval::score_answer(r.came_back, r.golds, m...); }, metrics_);
    }

    std::tuple<Primary, Others...> metrics_;
};

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/score.ipp>
#endif
