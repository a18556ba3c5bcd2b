#pragma once

#include <kvt/exec/reduce.hpp>
#include <kvt/harness/family_law.hpp>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL family_laws fit_laws::operator()(run_context& context, family_answers const& in) const {
    family_laws out{.how = how, .members = in.members, .policies = {}, .unproven = in.unproven};
    auto const one = [&](std::size_t i) {
        auto const& p = in.policies[i];
        return policy_law{p.policy, how(p.answers, "law|" + p.policy)};
    };
    if (auto const* executor = context.find<exec::any_executor>())
        out.policies = exec::parallel_map(*executor, in.policies.size(), one);
    else out.policies = exec::parallel_map(exec::inline_executor{}, in.policies.size(), one);
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
