// Golden cases of codes, sizes, quality and time groups (markov-smoothness 1).
#include "markov.hpp"

#include <kvt/quant/bounded_smoothness.hpp>
#include <kvt/quant/calibration.hpp>
#include <kvt/quant/compat_8bit.hpp>
#include <kvt/quant/encode.hpp>
#include <kvt/quant/entropy.hpp>
#include <kvt/quant/payload.hpp>
#include <kvt/quant/quality.hpp>
#include <kvt/quant/smoothness.hpp>
#include <kvt/quant/symmetric.hpp>
#include <kvt/quant/value_scan.hpp>

#include <tuple>

namespace {

using golden::verdict;
using kvt::json;
namespace quant = kvt::quant;

template <class T> json list_of(std::vector<T> const& values) {
    return json{json::array(values.begin(), values.end())};
}

json sizes_of(std::vector<std::size_t> const& bounds) {
    json sizes{json::array{}};
    for (std::size_t k = 0; k + 1 < bounds.size(); ++k) sizes.push_back(bounds[k + 1] - bounds[k]);
    return sizes;
}

json answer_time_groups(json const& c) {
    auto const& in = c.at("input");
    auto const& op = c.at("op").text();
    if (op == "time_groups" || op == "partition") {
        auto const count = static_cast<std::size_t>(in.at(op == "partition" ? "elements" : "num_timesteps").integer());
        auto const bounds = quant::balanced_bounds(count, in.at("num_time_groups").integer());
        return json::of({{"boundaries", list_of(bounds)},
                         {"bounds", list_of(bounds)},
                         {"sizes", sizes_of(bounds)},
                         {"effective_groups", bounds.size() - 1}});
    }
    if (op == "calibrate") {
        std::vector<quant::calibration_sample> samples;
        for (auto const& s : in.at("samples").items()) samples.push_back(kvt::from_json<quant::calibration_sample>(s));
        auto const found = quant::calibrate(samples);
        return json::of({{"mean", list_of(found.mean)},
                         {"std", list_of(found.standard_deviation)},
                         {"min", list_of(found.least)},
                         {"max", list_of(found.greatest)}});
    }
    auto const found =
        quant::compat_parameters(golden::markov::numbers(in.at("min")), golden::markov::numbers(in.at("max")),
                                 c.at("options").at("num_time_groups").integer());
    json scale{json::array{}}, zero_point{json::array{}};
    for (auto const& g : found.groups) scale.push_back(g.scale), zero_point.push_back(g.zero_point);
    return json::of({{"boundaries", list_of(found.bounds)},
                     {"scale", scale},
                     {"zero_point", zero_point},
                     {"group_size_hint", list_of(found.group_size_hint)},
                     {"global_scale", found.all.scale},
                     {"global_zero_point", found.all.zero_point}});
}

json answer_8bit(json const& c) {
    quant::pair_8bit const pair{golden::markov::number(c.at("options").at("scale")),
                                golden::markov::number(c.at("options").at("zero_point"))};
    json codes{json::array{}}, values{json::array{}};
    for (auto const code : quant::compat_encode(golden::markov::numbers(c.at("input").at("values")), pair))
        codes.push_back(code), values.push_back(quant::compat_decode(code, pair));
    return json::of({{"codes", codes}, {"dequantized", values}});
}

std::vector<std::size_t> bounds_of(json const& options, std::size_t count) {
    if (auto const* groups = options.find("num_time_groups")) return quant::balanced_bounds(count, groups->integer());
    auto const whole = quant::balanced_bounds(count, 1);
    auto const* size = options.find("group_size");
    return size == nullptr ? whole : quant::run_bounds(whole, size->integer());
}

// Any quantizer over any groups; figures of one group stand alone where the case has one group.
template <quant::quantizer Q> json answer_codes(Q const& q, json const& c) {
    q.check();
    auto const values = golden::markov::floats(c.at("input").at("values"));
    auto const bounds = bounds_of(c.at("options"), values.size());
    auto const grid = q.grid();
    std::vector<std::uint8_t> packed(quant::packed_bytes(values.size(), q.bits));
    std::vector<double> scale, offset, zero_point, rebuilt(values.size());
    quant::error_sums sums;
    for (std::size_t k = 0; k + 1 < bounds.size(); ++k) {
        auto const first = bounds[k], count = bounds[k + 1] - first;
        auto const part = std::span{values}.subspan(first, count);
        auto const seen = quant::scan(part);
        seen.check("values");
        auto const p = q.parameters(seen.range());
        sums += quant::encode_and_measure(part, p, grid, packed, first);
        quant::decode(packed, first, p, grid, std::span{rebuilt}.subspan(first, count));
        scale.push_back(p.scale), offset.push_back(p.offset), zero_point.push_back(p.zero_point());
    }
    json codes{json::array{}};
    for (auto const code : quant::unpack(packed, values.size(), q.bits))
        codes.push_back(grid.read(static_cast<std::uint8_t>(code)));
    auto const figures = quant::quality::of(sums);
    bool const one = c.at("op").text() != "quantize_grouped";
    return json::of({{"bounds", list_of(bounds)},
                     {"scale", one ? json{scale.front()} : list_of(scale)},
                     {"offset", one ? json{offset.front()} : list_of(offset)},
                     {"zero_point", one ? json{zero_point.front()} : list_of(zero_point)},
                     {"codes", codes},
                     {"packed", list_of(packed)},
                     {"dequantized", list_of(rebuilt)},
                     {"mse", figures.mse},
                     {"max_abs_error", figures.max_abs_error},
                     {"sqnr_db", golden::or_null(figures.sqnr_db)},
                     {"cosine", figures.cosine},
                     {"smoothness_score", quant::headline_for(q.bits)(scale, zero_point).score},
                     {"smoothness_score_bounded", quant::bounded{}(scale, offset, q.bits).score}});
}

json answer_quantize(json const& c) {
    auto const& op = c.at("op").text();
    if (op == "quantize_8bit") return answer_8bit(c);
    auto const bits = static_cast<std::int32_t>(c.at("options").at("bits").integer());
    if (op == "quantize_symmetric") return answer_codes(quant::symmetric{bits}, c);
    if (op != "pack") return answer_codes(quant::asymmetric{bits}, c);
    std::vector<std::int32_t> codes;
    for (auto const& v : c.at("input").at("codes").items()) codes.push_back(static_cast<std::int32_t>(v.integer()));
    return json::of({{"bytes", list_of(quant::pack(codes, bits))}});
}

json answer_payload(json const& c) {
    auto const& o = c.at("options");
    auto const p = quant::grouped_payload(
        static_cast<std::size_t>(c.at("input").at("elements").integer()), o.at("group_size").integer(),
        static_cast<std::int32_t>(o.at("bits").integer()), static_cast<std::int32_t>(o.at("param_bytes").integer()));
    return json::of({{"groups", p.groups},
                     {"code_bytes", p.code_bytes},
                     {"param_bytes_total", p.parameter_bytes},
                     {"total_bytes", p.total_bytes()},
                     {"compression_ratio", p.compression_ratio()},
                     {"model_size_mb", p.megabytes()}});
}

json answer_quality(json const& c) {
    auto const& op = c.at("op").text();
    auto const& in = c.at("input");
    if (op == "payload_size") return answer_payload(c);
    if (op == "cosine")
        return json::of({{"cosine", quant::cosine_similarity(golden::markov::numbers(in.at("a")),
                                                             golden::markov::numbers(in.at("b")))}});
    if (op == "weight_entropy") {
        double const h =
            quant::normalized_entropy(golden::markov::floats(in.at("values")), c.at("options").at("bins").integer());
        return json::of({{"normalized_entropy", h}, {"suggested_bits", quant::suggested_bits(h)}});
    }
    auto const bits = static_cast<std::int32_t>(in.at("bits").integer());
    if (op == "cosine_threshold") return json::of({{"threshold", quant::acceptance_threshold(bits)}});
    return json::of(
        {{"ratio", quant::planned_ratio(bits, in.at("group_size").integer())}, {"ideal", quant::ideal_ratio(bits)}});
}

golden::suite const time_groups{"markov.time_groups", "cases", [](json const& c, golden::file const&) {
                                    return golden::markov::check(c, answer_time_groups);
                                }};
golden::suite const codes{"markov.quantize", "cases",
                          [](json const& c, golden::file const&) { return golden::markov::check(c, answer_quantize); }};
golden::suite const figures{"markov.quality", "cases", [](json const& c, golden::file const&) {
                                return golden::markov::check(c, answer_quality);
                            }};

}  // namespace
