// verify: every invariant of a group, and every receipt, recomputed from the store without the model (spec H4).
#pragma once

#include <kvt/core/record.hpp>
#include <kvt/store/session.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// One thing that does not hold, and the row it does not hold for.
struct violation {
    std::string table, row, problem;
};
KVT_RECORD(violation, table, row, problem);

struct verification {
    std::string group;
    std::int64_t runs = 0, unfinished = 0, requests = 0, receipts = 0;
    std::vector<violation> violations;
    [[nodiscard]] bool holds() const { return violations.empty(); }
};
KVT_RECORD(verification, group, runs, unfinished, requests, receipts, violations);

/// Checks the group in the store, and the files beside it in `folder` (empty: no files are looked at): outcomes and
/// requests one to one, requests and entries of finished runs, scores, bin statistics, the manifest file against rows
/// (`manifest` empty: not looked at), receipts (slots from the budget, positions, bytes, hashes, that each answers its own
/// request, one prompt an entry, one model a run), and plots that the report names.
[[nodiscard]] verification verify(store::session& store, std::string const& group, std::string const& folder,
                                  std::string const& manifest = {});

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/verify.ipp>
#endif
