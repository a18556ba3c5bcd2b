// family_law: how the critical budget of each policy moves with context length and model size, as a stage.
#pragma once

#include <kvt/analysis/transition_law.hpp>
#include <kvt/core/context.hpp>
#include <kvt/harness/model_family.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

struct policy_law {
    std::string policy;
    analysis::transition_law law;
};
KVT_RECORD(policy_law, policy, law);

/// The laws of a family's policies.
struct family_laws {
    analysis::length_size_law how{};
    std::vector<family_member> members;
    std::vector<policy_law> policies;
    std::vector<std::string> unproven;
};
KVT_RECORD(family_laws, how, members, policies, unproven);

/// Fits one law to each policy, policies shared out over the context's executor; the same for every executor. Streams are
/// `law|<policy>`.
struct fit_laws {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "fit_laws";

    analysis::length_size_law how{};

    [[nodiscard]] family_laws operator()(run_context& context, family_answers const& in) const;
};

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/family_law.ipp>
#endif
