// Golden cases of the pipeline's GPT: logits, probes, losses and gradients; parameter counts and sizes for a target.
#include "scaling_model.hpp"

#include <kvt/scaling/unit_scaling.hpp>

namespace {

using golden::comparison;
using golden::gpt_case;
using golden::verdict;
using kvt::json;
namespace scaling = kvt::scaling;

template <class Real> std::vector<Real> minus(std::span<Real const> a, std::span<Real const> b) {
    std::vector<Real> out(a.begin(), a.end());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] -= b[i];
    return out;
}

template <class Real> void forward(gpt_case const& c, scaling::decoder<Real>& model, comparison& all) {
    constexpr double slack = 1e-5;
    auto const ids = c.tokens("input_ids");
    all.near("logits", c.floats("expected.logits"), model.logits(ids, c.length()), slack);
    auto const& pass = model.look(ids, c.length());
    auto const& first = pass.layers()[0];
    std::size_t const size = ids.size() * static_cast<std::size_t>(c.shape.d_model);
    auto const part = [&](auto const& v) { return std::span<Real const>{v.data(), size}; };
    all.near("embedding", c.floats("expected.probe.after_embedding"), part(first.input), slack);
    all.near("norm1", c.floats("expected.probe.block0_norm1"), part(first.norm1), slack);
    all.near("attention", c.floats("expected.probe.block0_attn_out"),
             minus<Real>(part(first.middle), part(first.input)), slack);
    all.near("feed forward", c.floats("expected.probe.block0_ffn_out"),
             minus<Real>(part(pass.layers()[1].input), part(first.middle)), slack);
    all.near("final norm", c.floats("expected.probe.final_norm_out"), pass.final_norm(), slack);
}

template <class Real> void gradients(gpt_case const& c, scaling::decoder<Real>& model, comparison& all) {
    constexpr double slack = 2e-6;
    all.near("loss", c.document.at("loss_float64").real(), model.loss_and_gradients(c.batch()), slack);
    double total = 0;
    for (auto const& t : model.tensors()) {
        auto const g = t.of(std::span<Real const>{model.gradients()});
        double squares = 0;
        for (Real v : g) squares += static_cast<double>(v) * static_cast<double>(v);
        total += squares;
        all.near("norm of " + t.name, c.document.at("grad_l2_norms").at(t.name).real(), std::sqrt(squares), slack);
        if (c.tensors.find("expected.grad." + t.name) != nullptr)
            all.near("gradient of " + t.name, c.floats("expected.grad." + t.name), g, slack);
    }
    all.near("norm of all", c.document.at("total_grad_l2_norm").real(), std::sqrt(total), slack);
    auto const same_place = [&] {
        auto b = c.batch();
        b.targets = c.tokens("labels");
        return b;
    }();
    all.near("loss without shift", c.document.at("loss_without_shift").real(), model.loss(same_place), slack);
}

verdict counts(gpt_case const& c) {
    auto const n = scaling::counts_of(c.shape);
    json const& expected = c.document.at("param_counts");
    return golden::same(json::of({{"total", expected.at("total")}, {"reference", expected.at("non_embedding")}}),
                        json::of({{"total", n.total}, {"reference", n.core + n.lm_head}}), 0, 0);
}

verdict check_case(json const& document, golden::file const& source) {
    gpt_case const c{document, source};
    comparison all;
    auto single = c.model<float>();
    auto twice = c.model<double>();
    forward(c, single, all);
    forward(c, twice, all);
    gradients(c, single, all);
    gradients(c, twice, all);
    if (!all.difference.empty()) return verdict::fail(all.difference);
    return counts(c);
}

verdict check_counts(json const& c, golden::file const&) {
    std::int64_t const target = c.at("target_params").integer(), layers = c.at("num_layers").integer();
    auto const reference = scaling::gpt_for_size(target, layers, 11, scaling::size_rule::reference);
    auto const core = scaling::counts_of(reference).core;
    json found = json::of({{"d_model", reference.d_model},
                           {"num_heads", reference.num_heads},
                           {"d_ff", reference.d_ff},
                           {"core_params", core},
                           {"core_over_target", static_cast<double>(core) / static_cast<double>(target)}});
    json expected = json::of({});
    for (auto const& [key, value] : c.at("reference").members())
        if (found.find(key) != nullptr) expected[key] = value;
    if (auto v = golden::same(expected, found, 1e-12, 0); !v.difference.empty()) return v;
    for (auto const& [vocab, total] : c.at("total_params_by_vocab").members()) {
        auto sized = reference;
        sized.vocab_size = std::stoll(vocab);
        auto const n = scaling::counts_of(sized);
        json const other = c.at("reference_non_embedding_by_vocab").at(vocab);
        if (n.total != total.integer() || n.core + n.lm_head != other.integer())
            return verdict::fail("counts for a vocabulary of " + vocab);
    }
    auto const nearest = scaling::gpt_for_size(target, layers, 11);
    return golden::same(c.at("required"),
                        json::of({{"d_model", nearest.d_model},
                                  {"num_heads", nearest.num_heads},
                                  {"core_params", scaling::counts_of(nearest).core}}),
                        0, 0);
}

scaling::unit_role role_named(std::string_view tensor) {
    if (tensor == "embedding") return scaling::unit_role::embedding;
    if (tensor.starts_with("hidden")) return scaling::unit_role::hidden;
    if (tensor == "norm_in_stack") return scaling::unit_role::norm;
    return tensor == "final_norm" ? scaling::unit_role::final_norm : scaling::unit_role::output;
}

double scalar(std::string const& id, json const& v) {
    if (id == "gated_silu_divisor_scale") return scaling::gated_silu_scale(v.at("mult").real());
    if (id == "causal_attention_scale")
        return scaling::causal_attention_scale(v.at("seq_len").integer(), v.at("head_dim").integer(),
                                               v.at("mult").real());
    auto const depth = v.at("depth").is_null() ? std::int64_t{1} : v.at("depth").integer();
    return scaling::learning_rate_factor(role_named(v.at("tensor").text()), v.at("fan_in").integer(), depth);
}

verdict check_scalars(json const& c, golden::file const&) {
    for (auto const& v : c.at("values").items()) {
        json expected, found{json::array{}};
        if (auto const* tau = v.find("tau")) {
            expected = *tau;
            for (double t : scaling::residual_weights(v.at("layers").integer(), v.at("residual_mult").real(),
                                                      v.at("attn_ratio").real()))
                found.push_back(t);
        } else {
            expected = v.at(v.find("scale") != nullptr ? "scale" : "factor");
            found = scalar(c.at("id").text(), v);
        }
        if (auto out = golden::same(expected, found, 1e-12, 0); !out.difference.empty()) return out;
    }
    return verdict::pass();
}

golden::suite const scalars{"scaling.umup_published_scalars", "cases", check_scalars};
golden::suite const case_a{"scaling.gpt_case_a", "", check_case};
golden::suite const case_b{"scaling.gpt_case_b", "", check_case};
golden::suite const sizes{"scaling.gpt_param_counts", "cases", check_counts};

}  // namespace
