// Golden cases of quantile bins (spec F1, F2).
#include "replay.hpp"

#include <kvt/data/binning.hpp>

namespace {

using kvt::json;
using namespace kvt;

std::vector<std::int64_t> integers(json const& list) {
    std::vector<std::int64_t> out;
    for (auto const& v : list.items()) out.push_back(v.integer());
    return out;
}

json bins_of(std::vector<data::bin_edge> const& edges, json const& lengths) {
    json out = json::list({});
    for (auto n : integers(lengths)) out.push_back(data::bin_of(edges, n));
    return out;
}

golden::suite const cases{"binning", "cases", [](json const& c, golden::file const& f) {
    auto const& in = c.at("in");
    json actual;
    try {
        auto const edges = data::quantile_bins{in.at("n_bins").integer()}.edges(integers(in.at("lengths")));
        for (auto const& e : edges) actual["edges"].push_back(json::list({e.token_min, e.token_max}));
        actual["bin_idxs"] = bins_of(edges, in.at("lengths"));
        if (auto const* queries = in.find("queries")) actual["query_bins"] = bins_of(edges, *queries);
    } catch (data::data_error const& problem) {
        actual = json::of({{"error", name_of(problem.code())}});
    }
    return golden::same(c.at("out"), actual, f);
}};

}  // namespace
