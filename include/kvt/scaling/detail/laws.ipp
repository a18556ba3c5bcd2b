#pragma once

#include <kvt/core/text_file.hpp>
#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/laws.hpp>
#include <kvt/scaling/log_grid.hpp>

#include <cmath>
#include <cstdio>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL prediction predict(law_triple const& laws, double target_compute) {
    if (!(std::isfinite(target_compute) && target_compute > 0))
        throw scaling_error{fault::invalid_target, "target compute", "is " + shortest(target_compute),
                            "a finite number above 0"};
    double const n = laws.n_opt_fit.value(target_compute), d = laws.d_opt_fit.value(target_compute);
    double const l = laws.l_opt_fit.value(target_compute);
    if (!(std::abs(n) < 9e18 && std::abs(d) < 9e18 && std::isfinite(l)))
        throw scaling_error{fault::invalid_target, "target compute",
                            "at " + shortest(target_compute) + " the laws give " + shortest(n) + " parameters, " +
                                shortest(d) + " tokens and a loss of " + shortest(l),
                            "a budget nearer to those that were measured"};
    return {target_compute, static_cast<std::int64_t>(n), static_cast<std::int64_t>(d), l, n > 0 ? d / n : 0};
}

KVT_DECL std::string with_thousands(std::int64_t value) {
    auto out = std::to_string(value);
    std::size_t const first = value < 0 ? 1 : 0;
    for (std::size_t at = out.size(); at > first + 3;) out.insert(at -= 3, 1, ',');
    return out;
}

KVT_DECL std::string prediction_table(law_triple const& laws, std::span<double const> budgets) {
    std::string out = "| C (FLOPs) | N (parameters) | D (tokens) | D/N | loss |\n| --- | --- | --- | --- | --- |\n";
    auto const usual = log_grid(1e18, 1e22, 9);
    for (double const c : budgets.empty() ? std::span<double const>{usual} : budgets) {
        auto const p = predict(laws, c);
        char budget[32], rest[700];
        std::snprintf(budget, sizeof budget, "%.2e", c);
        std::snprintf(rest, sizeof rest, "%.1f | %.4f", p.tokens_per_param, p.expected_loss);
        out += "| " + std::string{budget} + " | " + with_thousands(p.optimal_params) + " | " +
               with_thousands(p.optimal_tokens) + " | " + rest + " |\n";
    }
    return out;
}

namespace detail {

inline std::optional<std::vector<double>> parse_interval(json const* value) {
    if (value == nullptr || !value->is_array() || value->size() != 2) return std::nullopt;
    std::vector<double> out;
    for (auto const& end : value->items()) {
        if (!end.is_number()) return std::nullopt;
        out.push_back(end.real());
    }
    return out;
}

inline power_law parse_law(json const& document, std::string const& key, std::string_view where) {
    auto const at = std::string{where} + "." + key;
    auto const* source = document.find(key);
    if (source == nullptr || !source->is_object())
        throw scaling_error{fault::bad_laws, at, source == nullptr ? "is not there" : "is no mapping",
                            "a law with coefficient_k and exponent_a"};
    auto const number = [&](char const* name) {
        auto const* found = source->find(name);
        if (found == nullptr || !found->is_number())
            throw scaling_error{fault::bad_laws, at + "." + name,
                                found == nullptr ? "is not there" : "found " + dump(*found), "a number"};
        return found->real();
    };
    power_law out{.coefficient_k = number("coefficient_k"), .exponent_a = number("exponent_a")};
    if (auto const* name = source->find("name"); name != nullptr && name->is_text()) out.name = name->text();
    if (auto const* r2 = source->find("r_squared"); r2 != nullptr && r2->is_number()) out.r_squared = r2->real();
    if (auto const* l = source->find("l_inf"); l != nullptr && !l->is_null()) out.l_inf = number("l_inf");
    out.k_ci = parse_interval(source->find("k_ci")), out.a_ci = parse_interval(source->find("a_ci"));
    out.formula = formula_text(out);
    return out;
}

}  // namespace detail

KVT_DECL law_triple parse_laws(json const& document, std::string_view where) {
    return {detail::parse_law(document, "n_opt_fit", where), detail::parse_law(document, "d_opt_fit", where),
            detail::parse_law(document, "l_opt_fit", where)};
}

KVT_DECL law_triple read_laws(std::string const& path) {
    if (!file_exists(path))
        throw scaling_error{fault::missing_laws, path, "there is no such file", "what `kvt scaling analyze` writes"};
    return parse_laws(read_json_file(path), path);
}

}  // namespace kvt::inline KVT_ABI::scaling
