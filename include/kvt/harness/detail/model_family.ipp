#pragma once

#include <kvt/harness/budgets.hpp>
#include <kvt/harness/group.hpp>
#include <kvt/harness/model_family.hpp>
#include <kvt/store/sqlite.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace kvt::inline KVT_ABI::harness {

namespace detail {

/// Reads groups one after another; the first one's prompts are everyone's.
class family_reader {
  public:
    explicit family_reader(truncation rule) : rule_{rule} {}

    void read(family_member member) {
        store::session session{store::sqlite{member.database, store::open_mode::read_only}};
        auto const runs = group_runs(session, member.group);
        auto const& full = baseline_of(runs);
        if (full.kv_budget.value_or(0) < 1)
            throw error{error_kind::missing, "group " + member.group, "no run with the full cache",
                        "1.0 among kv.budgets"};
        same_prompts(member, full);
        auto const answered = answered_by(session, full, member);
        for (auto const& run : runs)
            if (run.kv_budget.value_or(1) < 1) take(session, run, member, answered);
        out_.members.push_back(std::move(member));
    }

    [[nodiscard]] family_answers done() && {
        std::ranges::stable_sort(out_.members, {}, &family_member::parameters);
        for (auto& [policy, answers] : by_policy_) out_.policies.push_back({policy, std::move(answers)});
        return std::move(out_);
    }

  private:
    void same_prompts(family_member const& member, run_row const& full) {
        auto const manifest = full.manifest_hash.value_or("");
        if (out_.members.empty()) manifest_ = manifest;
        if (manifest != manifest_)
            throw error{error_kind::mismatch, "group " + member.group,
                        "its prompts are not those of group " + out_.members.front().group,
                        "one manifest for the whole family"};
    }

    [[nodiscard]] bool right(run_row const& run, request_record const& r) const {
        if (!r.score && !r.failure)
            throw error{error_kind::missing, "run " + run.run_id, "a request has no score", "`kvt score` first"};
        return r.score && r.score->em == 1 && !r.failed(rule_);
    }

    [[nodiscard]] std::set<std::int64_t> answered_by(store::session& session, run_row const& full,
                                                     family_member& member) const {
        std::set<std::int64_t> out;
        for (auto const& r : request_records(session, full)) {
            ++member.asked;
            if (right(full, r)) out.insert(r.entry_idx);
        }
        member.answered = static_cast<std::int64_t>(out.size());
        return out;
    }

    void take(store::session& session, run_row const& run, family_member const& member,
              std::set<std::int64_t> const& answered) {
        if (auto const found = budget_of(run); found.level != engine::budget_level::proven)
            out_.unproven.push_back(run.run_id + ": " + found.reason);
        std::map<std::int64_t, std::int64_t> length;
        for (auto const& e : store::select<entry_row>(session, {{"dataset_id", run.dataset_id.value_or("")}}))
            length[e.entry_idx] = e.token_len;
        auto& into = by_policy_[run.kv_policy.value_or("")];
        for (auto const& r : request_records(session, run)) {
            if (!answered.contains(r.entry_idx)) continue;
            analysis::retention next{.prompt = r.entry_idx,
                                     .bin = r.bin_idx.value_or(0),
                                     .tokens = static_cast<double>(length[r.entry_idx]),
                                     .parameters = member.parameters,
                                     .budget = *run.kv_budget,
                                     .share = *run.kv_budget,
                                     .survived = right(run, r)};
            if (r.times && r.times->kv_retained_tokens && r.times->kv_total_tokens.value_or(0) > 0)
                next.share = static_cast<double>(std::max<std::int64_t>(*r.times->kv_retained_tokens, 1)) /
                             static_cast<double>(*r.times->kv_total_tokens);
            into.push_back(next);
        }
    }

    truncation rule_;
    std::string manifest_{};
    std::map<std::string, std::vector<analysis::retention>> by_policy_{};
    family_answers out_{};
};

}  // namespace detail

KVT_DECL family_answers read_family::operator()(run_context&, start) const {
    if (members.empty())
        throw error{error_kind::usage, "family.models", "no model is named", "a list of model folders"};
    detail::family_reader reader{truncated};
    for (auto const& member : members) reader.read(member);
    return std::move(reader).done();
}

}  // namespace kvt::inline KVT_ABI::harness
