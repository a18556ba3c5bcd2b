// Golden cases of the headline detector (spec O1).
#include "replay.hpp"
#include "values.hpp"

#include <kvt/analysis/mean_drop.hpp>

namespace {

using kvt::json;
namespace analysis = kvt::analysis;

golden::suite const cases{"transition", "cases", [](json const& c, golden::file const& source) {
                              std::vector<analysis::budget_stats> runs;
                              for (auto const& r : c.at("in").at("runs").items()) {
                                  auto& run = runs.emplace_back();
                                  run.run_id = r.at("run_id").text();
                                  run.budget = r.at("kv_budget").real();
                                  for (auto const& b : r.at("bins").items()) {
                                      auto& bin = run.bins.emplace_back();
                                      bin.bin_idx = b.at("bin_idx").integer();
                                      bin.acc_mean = golden::real_or_null(b.at("acc_mean"));
                                  }
                              }
                              auto const found = analysis::mean_drop{c.at("in").at("drop_threshold").real()}(runs);
                              return golden::same(c.at("out"), kvt::to_json(found), source);
                          }};

}  // namespace
