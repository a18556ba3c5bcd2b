// sweep: cache policies times budgets, the runs of an experiment.
#pragma once

#include <kvt/cache/policies.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::cache {

/// One run: a policy at a budget. Budget 1 of any policy is the full cache.
struct swept {
    named_policy policy{};
    double budget = 1;
};
KVT_RECORD(swept, policy, budget);

/// Which policies at which budgets, and what all of them share.
struct sweep {
    std::vector<named_policy> policies{};
    std::vector<double> budgets{1.0, 0.5, 0.2};
    std::optional<budget_mode> mode{};  ///< absent: each policy's own
    question_mode question = question_mode::query_aware;
    std::int64_t seed = 1337;  ///< of policies that draw

    sweep() = default;
    /// One policy: `sweep{snapkv{}, {1.0, 0.5, 0.2}}`.
    template <policy P> sweep(P const& p, std::vector<double> at) : budgets{std::move(at)} { add(p); }
    sweep(std::vector<named_policy> names, std::vector<double> at)
        : policies{std::move(names)}, budgets{std::move(at)} {}

    /// One more policy at the same budgets.
    template <policy P> sweep& add(P const& p) {
        policies.push_back({std::string{P::name}, to_json(p)});
        return *this;
    }

    /// The runs, budgets in the given order for one policy after another. With several policies the full cache is run once,
    /// under the name `full`, where 1 is among the budgets. Throws `error{usage}` where a budget is outside (0, 1] or occurs
    /// twice, where a policy occurs twice, or where `full` alone is to keep less than all.
    [[nodiscard]] std::vector<swept> runs() const;

  private:
    void check() const;
};
KVT_RECORD(sweep, policies, budgets, mode, question, seed);

}  // namespace kvt::inline KVT_ABI::cache

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/cache/detail/sweep.ipp>
#endif
