#pragma once

#include <kvt/harness/sanity.hpp>
#include <kvt/harness/schema.hpp>
#include <kvt/store/session.hpp>

#include <algorithm>
#include <map>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL std::vector<sanity_case> sanity_cases(store::session& store, measured_run const& run, measured_run const& base,
                                               std::size_t most) {
    std::vector<sanity_case> out;
    if (base.rows.size() > most) return out;
    std::map<std::int64_t, std::int64_t> lengths;
    for (auto const& e : store::select<entry_row>(store, {{"dataset_id", run.row.dataset_id.value_or("")}}))
        lengths[e.entry_idx] = e.token_len;
    for (auto const& low : run.rows) {
        auto const at = std::find_if(base.rows.begin(), base.rows.end(),
                                     [&](auto const& r) { return r.entry_idx == low.entry_idx; });
        if (at == base.rows.end()) continue;
        auto& next = out.emplace_back(sanity_case{.entry_idx = low.entry_idx,
                                                  .bin_idx = low.bin_idx.value_or(0),
                                                  .token_len = lengths[low.entry_idx],
                                                  .run_id = run.row.run_id,
                                                  .baseline = at->acc,
                                                  .low = low.acc});
        if (low.acc.value_or(0) > at->acc.value_or(0)) next.flag = "rises";
        else if (low.failed && low.bin_idx == 0) next.flag = "fails short";
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
