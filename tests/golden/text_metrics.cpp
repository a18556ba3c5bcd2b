// Golden cases of normalisation, exact match and token F1 (spec J1).
#include "replay.hpp"

#include <kvt/eval/exact_match.hpp>
#include <kvt/eval/token_f1.hpp>

namespace {

using golden::verdict;
using kvt::json;
namespace eval = kvt::eval;

golden::suite const cases{"text_metrics", "cases", [](json const& c, golden::file const&) {
    auto const& prediction = c.at("in").at("pred").text();
    std::vector<std::string> golds;
    for (auto const& gold : c.at("in").at("golds").items()) golds.push_back(gold.text());
    eval::exact_match const em;
    eval::token_f1 const f1_set{kvt::text::overlap::set}, f1_multiset{kvt::text::overlap::multiset};
    json norms = json::list({}), ems = json::list({}), sets = json::list({}), multisets = json::list({});
    for (auto const& gold : golds) {
        norms.push_back(kvt::text::normalize(gold));
        ems.push_back(em(prediction, gold));
        sets.push_back(f1_set(prediction, gold));
        multisets.push_back(f1_multiset(prediction, gold));
    }
    // Exact match is exact; F1 is compared as the file says.
    auto const exact = golden::same(json::list({c.at("out").at("em"), c.at("out").at("best_em")}),
                                    json::list({ems, eval::best(em, prediction, golds)}), 0, 0);
    if (!exact.difference.empty()) return exact;
    return golden::same(c.at("out"),
                        json::of({{"pred_norm", kvt::text::normalize(prediction)}, {"gold_norms", norms}, {"em", ems},
                                  {"f1_set", sets}, {"f1_multiset", multisets},
                                  {"best_em", eval::best(em, prediction, golds)},
                                  {"best_f1_set", eval::best(f1_set, prediction, golds)},
                                  {"best_f1_multiset", eval::best(f1_multiset, prediction, golds)}}), 0, 1e-15);
}};

}  // namespace
