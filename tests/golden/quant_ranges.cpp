// Golden cases of kvt/quant about policies on ranges: smoothing, optimization, transitions and losses.
#include "markov.hpp"

#include <kvt/quant/beta_schedule.hpp>
#include <kvt/quant/bounded_smoothness.hpp>
#include <kvt/quant/coordinate_descent.hpp>
#include <kvt/quant/finite_difference.hpp>
#include <kvt/quant/kernel_smoothing.hpp>
#include <kvt/quant/loss.hpp>
#include <kvt/quant/sequential_smoothing.hpp>
#include <kvt/quant/settings.hpp>
#include <kvt/quant/smoothness.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace {

namespace quant = kvt::quant;
using golden::verdict;
using kvt::json;
using namespace golden::markov;

// The cases' values have three decimals. In thousandths they are exact in binary32.
constexpr double thousandths = 1000;

struct tensor {
    std::vector<float> values{};
    std::vector<std::size_t> bounds{0};
    std::int32_t bits = 2;

    [[nodiscard]] quant::grouped_values view() const { return {values, bounds, bits}; }
};

tensor tensor_of(json const& in, json const& options) {
    tensor out{.bits = static_cast<std::int32_t>(options.at("bits").integer())};
    for (auto const& group : in.at("groups").items()) {
        for (double const v : numbers(group)) out.values.push_back(static_cast<float>(std::round(thousandths * v)));
        out.bounds.push_back(out.values.size());
    }
    return out;
}

void put_ranges(json& out, std::vector<quant::value_range> const& ranges, double unit) {
    std::vector<double> lo, hi;
    for (auto const r : ranges) {
        lo.push_back(r.lo / unit);
        hi.push_back(r.hi / unit);
    }
    out["lo"] = list_of(lo);
    out["hi"] = list_of(hi);
}

std::vector<double> in_unit(std::vector<double> values, double unit) {
    for (auto& v : values) v /= unit;
    return values;
}

quant::kernel_smoothing smoothing_of(json const& options, quant::smoothing_guard guard) {
    quant::kernel_smoothing out{.method = quant::interpolation_named(options.at("method").text()),
                                .window = options.at("window").integer(),
                                .guard = guard};
    if (auto const* budget = options.find("budget")) out.budget = budget->real();
    return out;
}

json smooth_kernel(json const& in, json const& options) {
    auto const start = ranges_of(in);
    tensor t{.bits = static_cast<std::int32_t>(options.at("bits").integer())};
    for (std::size_t g = 0; g < start.size(); ++g) {
        t.values.push_back(0);
        t.bounds.push_back(t.values.size());
    }
    auto const guard = *kvt::choice_of<quant::smoothing_guard>(options.at("guard").text());
    auto const found = smoothing_of(options, guard)(t.view(), start);
    json out = json::of(
        {{"smoothness_bounded_before", found.bounded_before}, {"smoothness_bounded_after", found.bounded_after}});
    put_ranges(out, found.ranges, 1);
    std::vector<double> scale;
    for (auto const r : found.ranges) scale.push_back(quant::affine::over(r, t.bits).scale);
    out["scale"] = list_of(scale);
    return out;
}

json smooth_kernel_mse(json const& in, json const& options) {
    auto const t = tensor_of(in, options);
    auto const found = smoothing_of(options, quant::smoothing_guard::mse)(t.view(), quant::min_max(t.view()));
    json out = json::of({{"blend", list_of(found.blends)},
                         {"mse_before", list_of(in_unit(found.mse_before, thousandths * thousandths))},
                         {"mse_after", list_of(in_unit(found.mse_after, thousandths * thousandths))}});
    put_ranges(out, found.ranges, thousandths);
    return out;
}

json smooth_sequential(json const& in, json const& options) {
    auto scale = numbers(in.at("scale")), zero_point = numbers(in.at("zero_point"));
    json out = json::of({{"smoothness_before", quant::headline{}(scale, zero_point).score}});
    quant::sequential_smoothing{quant::interpolation_named(options.at("method").text()), options.at("window").integer()}
        .smooth(scale, zero_point);
    out["scale"] = list_of(scale);
    out["zero_point"] = list_of(zero_point);
    out["smoothness_after"] = quant::headline{}(scale, zero_point).score;
    return out;
}

quant::beta_schedule schedule_of(json const& options) {
    return {quant::schedule_named(options.at("kind").text()), options.at("beta_start").real(),
            options.at("beta_end").real()};
}

json betas(json const& in, json const& options) {
    return json::of({{"beta", list_of(schedule_of(options).betas(in.at("num_timesteps").integer()))}});
}

json transitions(json const& in, json const& options) {
    auto const values = numbers(in.at("values"));
    auto const steps = quant::transitions(quant::gaussian_of(std::span<double const>{values}),
                                          schedule_of(options).betas(options.at("num_timesteps").integer()));
    std::vector<double> mean, deviation;
    for (auto const s : steps) {
        mean.push_back(s.mean);
        deviation.push_back(s.deviation);
    }
    return json::of({{"mean", list_of(mean)}, {"std", list_of(deviation)}});
}

std::vector<quant::gaussian> gaussians(json const& list) {
    std::vector<quant::gaussian> out;
    for (auto const& g : list.items()) out.push_back({g.at("mean").real(), g.at("std").real()});
    return out;
}

json losses_mse(json const& in, json const&) {
    auto const w = numbers(in.at("original")), r = numbers(in.at("quantized"));
    return json::of({{"mse", quant::mse_loss(w, r)}, {"gradient", list_of(quant::mse_gradient(w, r))}});
}
json losses_kl(json const& in, json const&) {
    return json::of({{"kl", quant::markov_loss(gaussians(in.at("original")), gaussians(in.at("quantized")))}});
}
json losses_entropy(json const& in, json const&) {
    return json::of({{"negative_entropy", quant::negative_entropy(numbers(in.at("quantized")))}});
}
json losses_total(json const& in, json const& options) {
    return kvt::to_json(quant::total_loss(numbers(in.at("original")), numbers(in.at("quantized")),
                                          gaussians(in.at("original_transitions")),
                                          gaussians(in.at("quantized_transitions")),
                                          {options.at("markov_weight").real(), options.at("entropy_weight").real()}));
}

double error_of(tensor const& t, std::vector<double> const& mse) {
    double sum = 0;
    for (std::size_t g = 0; g < mse.size(); ++g)
        sum += mse[g] * static_cast<double>(t.view().group(g).size()) / static_cast<double>(t.values.size());
    return sum / (thousandths * thousandths);
}

// The bounds of a case, next to what the descent found.
verdict optimize_coordinate(json const& c, golden::file const&) {
    auto const& options = c.at("options");
    auto const& expected = c.at("expected");
    auto const t = tensor_of(c.at("input"), options);
    auto const found =
        quant::coordinate_descent{.lambda = options.at("jump_weight").real(),
                                  .max_sweeps = options.at("max_sweeps").integer(),
                                  .evaluate = quant::evaluation::exact}(t.view(), quant::min_max(t.view()));
    json const initial =
        json::of({{"objective_initial", found.objective.front()},
                  {"mse_initial", error_of(t, found.mse_before)},
                  {"smoothness_bounded_initial", found.bounded_before},
                  {"monotone_non_increasing", std::ranges::is_sorted(found.objective, std::greater{})}});
    json exact = json::object{};
    for (auto const& [key, value] : expected.members())
        if (!key.ends_with("_at_most") && !key.ends_with("_at_least")) exact[key] = value;
    if (auto why = comparison{c}.difference(exact, initial); !why.empty()) return verdict::fail(std::move(why));
    auto const beyond = [](std::string const& what, double got) {
        return verdict::fail(what + ": got " + kvt::shortest(got));
    };
    if (found.objective.back() > expected.at("objective_final_at_most").real())
        return beyond("objective_final_at_most", found.objective.back());
    if (error_of(t, found.mse_after) > expected.at("mse_final_at_most").real())
        return beyond("mse_final_at_most", error_of(t, found.mse_after));
    if (found.bounded_after < expected.at("smoothness_bounded_final_at_least").real())
        return beyond("smoothness_bounded_final_at_least", found.bounded_after);
    return verdict::pass();
}

json optimize_finite_difference(json const& in, json const& options) {
    quant::finite_difference const rule{
        .learning_rate = options.at("learning_rate").real(),
        .max_iterations = options.at("max_iterations").integer(),
        .convergence_threshold = options.at("convergence_threshold").real(),
        .gradient_clip = options.at("gradient_clip").real(),
        .weights = {options.at("markov_weight").real(), options.at("entropy_weight").real()},
        .schedule = {.kind = quant::schedule_named(options.at("beta_schedule").text())}};
    return kvt::to_json(rule(numbers(in.at("values")), numbers(in.at("scale")), numbers(in.at("zero_point"))));
}

json validate_config(json const& in, json const&) {
    kvt::from_json<quant::settings>(in).check();
    return json::of({{"ok", true}});
}

// The handler of a case's operation.
verdict by_operation(json const& c, golden::file const& f) {
    auto const op = c.at("op").text();
    if (op == "smooth_kernel") return replay<smooth_kernel>(c, f);
    if (op == "smooth_kernel_mse") return replay<smooth_kernel_mse>(c, f);
    if (op == "smooth_sequential") return replay<smooth_sequential>(c, f);
    if (op == "beta_schedule") return replay<betas>(c, f);
    if (op == "transitions") return replay<transitions>(c, f);
    if (op == "loss_mse") return replay<losses_mse>(c, f);
    if (op == "loss_markov_kl") return replay<losses_kl>(c, f);
    if (op == "loss_entropy") return replay<losses_entropy>(c, f);
    if (op == "loss_total") return replay<losses_total>(c, f);
    if (op == "optimize_coordinate") return optimize_coordinate(c, f);
    if (op == "optimize_finite_difference") return replay<optimize_finite_difference>(c, f);
    if (op == "validate_config") return replay<validate_config>(c, f);
    return verdict::fail("no such operation: " + op);
}

golden::suite const sequential{"markov.smooth_sequential", "cases", by_operation};
golden::suite const kernel{"markov.smooth_kernel", "cases", by_operation};
golden::suite const transition{"markov.transitions", "cases", by_operation};
golden::suite const loss{"markov.losses", "cases", by_operation};
golden::suite const config{"markov.config", "cases", by_operation};
golden::suite const optimizer{"markov.optimizer", "cases", by_operation};

}  // namespace
