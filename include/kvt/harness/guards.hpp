// Guards: what must be there before a stage may start (spec H2, H4), said with the command that provides it.
#pragma once

#include <kvt/harness/artifacts.hpp>
#include <kvt/harness/completeness.hpp>
#include <kvt/harness/schema.hpp>
#include <kvt/store/session.hpp>

#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// The group's manifest; throws `error{missing}` where tables, entries or bins are not there.
[[nodiscard]] prepared require_prepared(store::session& store, std::string const& group);

/// The group's runs; throws `error{missing}` where there are none, or where, under `whole`, one is not finished.
[[nodiscard]] executed require_executed(store::session& store, std::string const& group, completeness need);

/// Runs whose requests lack score rows, one line each; under `whole` throws `error{missing}` instead.
[[nodiscard]] std::vector<std::string> missing_scores(store::session& store, std::string const& group,
                                                      completeness need);

/// The group's analysis; throws `error{missing}` where there are no bin statistics.
[[nodiscard]] analyzed require_analyzed(store::session& store, std::string const& group);

/// Removes bin statistics, transitions and findings of the group.
void forget_analysis(store::session& store, std::string const& group);

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/guards.ipp>
#endif
