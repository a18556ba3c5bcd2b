// Golden cases of training: schedules, per-parameter rates, AdamW and plain descent, and the fixed loop of twelve steps.
#include "scaling_model.hpp"

#include <kvt/scaling/adamw.hpp>
#include <kvt/scaling/step_schedule.hpp>
#include <kvt/scaling/token_reader.hpp>
#include <kvt/scaling/train_step.hpp>
#include <kvt/scaling/training_flops.hpp>

#include <limits>

namespace {

using golden::comparison;
using golden::gpt_case;
using golden::verdict;
using kvt::json;
namespace scaling = kvt::scaling;

constexpr double unlimited = std::numeric_limits<double>::infinity();
kvt::exec::inline_executor const here{};

scaling::parameter_rates rates_of(json const& document) {
    auto const &c = document.at("config"), &a = document.at("adamw");
    return {.learning_rate = a.at("learning_rate").real(),
            .weight_decay = a.at("weight_decay").real(),
            .base_width = c.at("base_width").integer(),
            .base_width_wd = c.at("base_width_wd").integer()};
}
scaling::adamw adamw_of(json const& document) {
    auto const& a = document.at("adamw");
    return {a.at("betas").items()[0].real(), a.at("betas").items()[1].real(), a.at("eps").real()};
}

void check_rates(json const& document, scaling::parameter_list const& list, comparison& all) {
    auto const rates = rates_of(document).of(list);
    for (std::size_t i = 0; i < list.tensors.size(); ++i) {
        auto const& name = list.tensors[i].name;
        auto const& expected = document.at("adamw").at("per_parameter").at(name);
        auto const near = [&](char const* what, double want, double got) {
            all.near(what + (" of " + name), want, got, 1e-12 * std::abs(want));
        };
        near("rate", expected.at("lr").real(), rates[i].learning_rate);
        near("decay", expected.at("wd").real(), rates[i].weight_decay);
    }
}

/// The losses before each of five steps on one batch, and behind the last.
template <class Real, class O>
std::vector<double> five_steps(gpt_case const& c, scaling::decoder<Real>& model, O const& how,
                               std::vector<scaling::tensor_rates> const& rates) {
    auto state = scaling::optimizer_state<Real>::for_model(how, model.parameters().size());
    auto const batch = c.batch();
    std::vector<double> losses;
    for (int step = 0; step < 5; ++step)
        losses.push_back(scaling::train_step(
                             model, how, state, rates, {.max_grad_norm = unlimited},
                             here, [&](std::int64_t) -> auto const& { return batch; }, [](std::int64_t) {})
                             .loss);
    losses.push_back(model.loss(batch));
    return losses;
}

void near(comparison& all, std::string const& what, json const& expected, std::vector<double> const& found,
          double slack) {
    for (std::size_t i = 0; i < expected.size(); ++i)
        all.near(what + " " + std::to_string(i), expected.items()[i].real(), found.at(i), slack);
}

template <class Real> void check_steps(gpt_case const& c, comparison& all) {
    auto const& d = c.document;
    auto model = c.model<Real>();
    near(all, "adamw loss", d.at("adamw").at("losses_float64"),
         five_steps(c, model, adamw_of(d), rates_of(d).of(model.list())), 2e-5);
    for (auto const& t : model.tensors())
        if (c.tensors.find("expected.after5_adamw." + t.name) != nullptr)
            all.near("after 5: " + t.name, c.floats("expected.after5_adamw." + t.name),
                     t.of(std::span<Real const>{model.parameters()}), 1e-5);
    auto plain = c.model<Real>();
    std::vector<scaling::tensor_rates> const same(plain.tensors().size(), {d.at("sgd").at("learning_rate").real(), 0});
    near(all, "sgd loss", d.at("sgd").at("losses_float64"), five_steps(c, plain, scaling::gradient_descent{}, same),
         2e-5);
}

template <class Real> void check_loop(gpt_case const& c, comparison& all) {
    auto const& loop = c.document.at("fixed_training_loop");
    auto const number = [&](char const* key) { return loop.at(key).integer(); };
    auto const steps = number("steps"), sequences = number("batch"), length = number("seq_len");
    scaling::step_schedule const schedule{.steps = steps,
                                          .warmup_steps =
                                              scaling::warmup_steps_of(loop.at("warmup_ratio").real(), steps),
                                          .min_ratio = loop.at("min_lr_ratio").real()};
    all.near("warm-up", loop.at("warmup_steps").real(), static_cast<double>(schedule.warmup_steps), 0);
    scaling::token_sequence const stream{c.tokens("loop.token_stream"), c.shape.vocab_size};
    auto model = c.model<Real>();
    auto const how = adamw_of(c.document);
    auto const rates = rates_of(c.document).of(model.list());
    auto state = scaling::optimizer_state<Real>::for_model(how, model.parameters().size());
    std::int64_t position = 0;
    for (std::int64_t s = 0; s < steps; ++s) {
        auto const& expected = loop.at("steps_expected").items()[static_cast<std::size_t>(s)];
        double const multiplier = schedule.multiplier(s);
        auto const got = scaling::train_step(
            model, how, state, rates,
            {.multiplier = multiplier,
             .max_grad_norm = loop.at("max_grad_norm").real(),
             .accumulation = number("accumulation")},
            here,
            [&](std::int64_t) {
                position += sequences * length;
                return stream.read(position - sequences * length, sequences, length).tokens;
            },
            [](std::int64_t) {});
        auto const at = " of step " + std::to_string(s);
        all.near("multiplier" + at, expected.at("lr_mult").real(), multiplier, 1e-12);
        all.near("loss" + at, expected.at("loss").real(), got.loss, 5e-5);
        all.near("norm" + at, expected.at("grad_norm_before_clip").real(), got.gradient_norm, 2e-4);
    }
}

verdict check_training(json const& document, golden::file const& source) {
    gpt_case const c{document, source};
    comparison all;
    check_rates(document, scaling::parameter_list{c.shape}, all);
    check_steps<float>(c, all);
    check_steps<double>(c, all);
    check_loop<float>(c, all);
    check_loop<double>(c, all);
    return {all.difference};
}

verdict check_schedule(json const& c, golden::file const& source) {
    comparison all;
    auto const steps = c.at("steps").integer();
    scaling::step_schedule const schedule{.steps = steps,
                                          .warmup_steps = scaling::warmup_steps_of(c.at("warmup_ratio").real(), steps),
                                          .min_ratio = c.at("min_lr_ratio").real()};
    all.near("warm-up", c.at("warmup_steps").real(), static_cast<double>(schedule.warmup_steps), 0);
    for (std::int64_t s = 0; s < steps; ++s) {
        double const want = c.at("multipliers").items().at(static_cast<std::size_t>(s)).real();
        all.near("multiplier " + std::to_string(s), want, schedule.multiplier(s), 1e-12 * std::abs(want) + 1e-16);
    }
    for (auto const& a : source.document.at("step_accounting").items()) {
        auto const budget = scaling::steps_for(a.at("num_tokens").integer(), a.at("batch").integer(),
                                               a.at("accumulation").integer(), a.at("seq_len").integer());
        all.near("steps", a.at("steps").real(), static_cast<double>(budget.steps), 0);
        all.near("tokens", a.at("tokens_trained").real(), static_cast<double>(budget.tokens_trained), 0);
        all.near("flops", a.at("actual_flops").real(),
                 scaling::training_flops(a.at("num_params").real(), static_cast<double>(budget.tokens_trained)),
                 1e-12 * a.at("actual_flops").real());
    }
    return {all.difference};
}

golden::suite const case_a{"scaling.gpt_case_a", "", check_training};
golden::suite const case_b{"scaling.gpt_case_b", "", check_training};
golden::suite const schedules{"scaling.training_schedule", "cases", check_schedule};

}  // namespace
