// Taking an experiment apart again, child tables first (spec H5).
#pragma once

#include <kvt/harness/schema.hpp>
#include <kvt/store/session.hpp>

#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// How many rows of a table belong to a group.
struct table_count {
    std::string table;
    std::int64_t rows = 0;
};
KVT_RECORD(table_count, table, rows);

/// Rows of the group's runs and analysis, child tables first; nothing is changed.
[[nodiscard]] std::vector<table_count> count_runs(store::session& store, std::string const& group);

/// Removes the group's runs, their outcomes, scores and analysis in one transaction; datasets stay.
void forget_runs(store::session& store, std::string const& group);

/// Removes one run with its outcomes and scores, in one transaction.
void forget_run(store::session& store, std::string const& run_id);

/// Removes a dataset's entries, bins, examples and its row; throws `error{mismatch}` where requests refer to it.
void forget_dataset(store::session& store, std::string const& dataset_id);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/clean.ipp>
#endif
