#pragma once

#include <kvt/cache/sweep.hpp>
#include <kvt/core/error.hpp>

namespace kvt::inline KVT_ABI::cache {

KVT_DECL std::vector<swept> sweep::runs() const {
    check();
    std::vector<swept> out;
    bool const several = policies.size() > 1;
    for (double b : budgets)
        if (several && b == 1) out.push_back({{"full", {}}, 1});
    for (auto const& p : policies)
        for (double b : budgets)
            if (!several || (b != 1 && p.name != "full")) out.push_back({p, b});
    return out;
}

KVT_DECL void sweep::check() const {
    if (policies.empty()) throw error{error_kind::usage, "kv.policies", "no policy"};
    for (std::size_t i = 0; i < budgets.size(); ++i) {
        check_budget(budgets[i], "kv.budgets");
        if (budgets[i] < 1 && policies.size() == 1 && policies.front().name == "full")
            throw error{error_kind::usage, "kv.budgets",
                        "full keeps every entry, " + shortest(budgets[i]) + " is no budget for it", "1.0"};
        for (std::size_t j = 0; j < i; ++j)
            if (budgets[j] == budgets[i])
                throw error{error_kind::usage, "kv.budgets", shortest(budgets[i]) + " stands twice"};
    }
    for (std::size_t i = 0; i < policies.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (policies[j].name == policies[i].name)
                throw error{error_kind::usage, "kv.policies", policies[i].name + " stands twice",
                            "one entry a policy (dialects have names of their own, as snapkv@kvpress)"};
}

}  // namespace kvt::inline KVT_ABI::cache
