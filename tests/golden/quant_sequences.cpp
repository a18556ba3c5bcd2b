// Golden cases of kvt/quant about sequences of parameters: smoothness, patterns, interpretation.
#include "markov.hpp"

#include <kvt/quant/boundary_stats.hpp>
#include <kvt/quant/bounded_smoothness.hpp>
#include <kvt/quant/interpretation.hpp>
#include <kvt/quant/model_smoothness.hpp>
#include <kvt/quant/pattern.hpp>
#include <kvt/quant/smoothness.hpp>

namespace {

namespace quant = kvt::quant;
using golden::verdict;
using kvt::json;
using namespace golden::markov;

std::vector<quant::violation> violations_of(json const& list) {
    std::vector<quant::violation> out;
    for (auto const& v : list.items())
        out.push_back({v.at("boundary_idx").integer(), number(v.at("scale_jump")), number(v.at("zero_point_jump")),
                       *kvt::choice_of<quant::severity>(v.at("severity").text())});
    return out;
}

json smoothness_json(quant::smoothness const& s) {
    json out = json::of({{"is_valid", s.valid()},
                         {"smoothness_score", s.score},
                         {"boundary_scores", list_of(s.boundary_scores)},
                         {"scale_jumps", list_of(s.scale_jumps)},
                         {"zero_point_jumps", list_of(s.zero_point_jumps)},
                         {"violation_count", s.violations.size()},
                         {"violations", json::array{}}});
    for (auto const& v : s.violations)
        out["violations"].push_back(json::of({{"boundary_idx", v.boundary_idx},
                                              {"scale_jump", plain(v.scale_jump)},
                                              {"zero_point_jump", plain(v.zero_point_jump)},
                                              {"severity", kvt::name_of(v.severity)}}));
    return out;
}

quant::headline metric_of(json const& options) {
    return {options.at("threshold").real(), options.at("zp_norm").real()};
}

json validate(json const& in, json const& options) {
    return smoothness_json(metric_of(options)(numbers(in.at("scale")), numbers(in.at("zero_point"))));
}

json validate_ranges(json const& in, json const& options) {
    auto const ranges = ranges_of(in);
    auto const bits = static_cast<std::int32_t>(options.at("bits").integer());
    auto const threshold = options.at("threshold").real();
    json out = smoothness_json(quant::headline{threshold}(ranges, bits));
    std::vector<double> scale, zero_point, lo;
    for (auto const r : ranges) {
        scale.push_back(quant::affine::over(r, bits).scale);
        zero_point.push_back(quant::affine::over(r, bits).zero_point());
        lo.push_back(r.lo);
    }
    auto const beside = quant::bounded{}(scale, lo, bits);
    out["scale"] = list_of(scale);
    out["zero_point"] = list_of(zero_point);
    out["smoothness_score_bounded"] = beside.score;
    out["bounded_scale_jump"] = list_of(beside.scale_jumps);
    out["bounded_offset_jump"] = list_of(beside.offset_jumps);
    out["bounded_boundary_scores"] = list_of(beside.boundary_scores);
    return out;
}

json aggregate(json const& in, json const& options) {
    std::vector<quant::layer_parameters> layers;
    for (auto const& l : in.at("layers").items())
        layers.push_back({"layer", l.at("elements").integer(), numbers(l.at("scale")), numbers(l.at("zero_point"))});
    return smoothness_json(quant::smoothness_of(layers, metric_of(options)).headline);
}

json boundary_stats(json const& in, json const&) {
    auto const s = quant::stats_of(numbers(in.at("boundary_scores")));
    return json::of({{"min", s.min}, {"max", s.max}, {"mean", s.mean}, {"std", s.deviation}});
}

json interpret(json const& in, json const&) {
    std::vector<quant::violation> violations;
    for (auto const& s : in.at("violation_severities").items())
        violations.push_back({.severity = *kvt::choice_of<quant::severity>(s.text())});
    return kvt::to_json(quant::interpret(in.at("smoothness_score").real(), violations,
                                         numbers(in.at("boundary_scores")), in.at("cosine_similarity").real()));
}

json patterns(json const& in, json const&) {
    auto out =
        kvt::to_json(quant::find_patterns(violations_of(in.at("violations")), in.at("num_boundaries").integer()));
    for (auto const& [ours, theirs] : {std::pair{"counts", "severity_counts"}, std::pair{"lines", "strings"}}) {
        json value = out.at(ours);
        out[theirs] = std::move(value);
    }
    return out;
}

golden::suite const validator{"markov.validator", "cases", replay<validate>};
golden::suite const validator_ranges{"markov.validator_ranges", "cases", replay<validate_ranges>};
golden::suite const aggregated{"markov.aggregate", "cases", replay<aggregate>};
golden::suite const pattern_cases{"markov.patterns", "cases", replay<patterns>};
golden::suite const interpretation{"markov.interpret", "cases", [](json const& c, golden::file const& f) -> verdict {
                                       return c.at("op").text() == "interpret" ? replay<interpret>(c, f)
                                                                               : replay<boundary_stats>(c, f);
                                   }};

}  // namespace
