// model_family: several models' answers to the same prompts, group by group, as what a transition law is fitted to.
#pragma once

#include <kvt/analysis/critical_budget.hpp>
#include <kvt/core/context.hpp>
#include <kvt/harness/observe.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// One model of a family, and the scored group that measured it.
struct family_member {
    std::string name;
    std::string group, database;
    double parameters = 0;
    std::int64_t asked = 0, answered = 0;  ///< prompts; those it answers rightly with its full cache
};
KVT_RECORD(family_member, name, group, database, parameters, asked, answered);

/// The answers of one policy, of all models.
struct policy_retentions {
    std::string policy;
    std::vector<analysis::retention> answers;
};
KVT_RECORD(policy_retentions, policy, answers);

struct family_answers {
    std::vector<family_member> members;  ///< by size
    std::vector<policy_retentions> policies;
    std::vector<std::string> unproven;  ///< runs whose budget is not proven, and why
};
KVT_RECORD(family_answers, members, policies, unproven);

/// Reads each member's group: an answer is right where it matches exactly, and of each prompt that a model answers with its
/// full cache the outcome at every smaller budget is taken; an unanswered request is a lost answer. The share kept is what
/// the engine reported, else the budget.
/// Throws `error{missing}` where a group has no full cache run or lacks scores, `error{mismatch}` where two groups asked
/// different prompts.
struct read_family {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "read_family";

    std::vector<family_member> members;
    truncation truncated = truncation::answer;

    explicit read_family(std::vector<family_member> of, truncation rule = truncation::answer)
        : members{std::move(of)}, truncated{rule} {}

    [[nodiscard]] family_answers operator()(run_context& context, start) const;
};

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/model_family.ipp>
#endif
