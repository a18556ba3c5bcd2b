#pragma once

#include <kvt/core/text_file.hpp>
#include <kvt/scaling/experiment.hpp>
#include <kvt/scaling/fault.hpp>

#include <cmath>
#include <set>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL std::string experiment_id(std::size_t number) {
    auto digits = std::to_string(number);
    return "exp_" + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

KVT_DECL json sweep_json(std::span<experiment const> sweep) {
    json out = json::array{};
    for (auto const& e : sweep) {
        auto row = to_json(e);
        if (!e.learning_rate) row.erase("learning_rate");
        out.push_back(std::move(row));
    }
    return out;
}

namespace detail {

KVT_DECL std::optional<std::int64_t> whole_number(json const& value) {
    if (value.is_integer()) return value.integer();
    if (!value.is_real()) return std::nullopt;
    double const v = value.real();
    if (!(std::abs(v) < 9.2e18) || v != std::trunc(v)) return std::nullopt;
    return static_cast<std::int64_t>(v);
}

/// One entry of the list at `at` (such as `sweep.json[3]`).
KVT_DECL experiment parse_experiment(json const& row, std::string const& at) {
    if (!row.is_object())
        throw scaling_error{fault::bad_sweep, at, "found " + std::string{row.type_name()}, "an experiment"};
    auto const field = [&](std::string const& name) -> json const& {
        if (auto const* found = row.find(name)) return *found;
        throw scaling_error{fault::bad_sweep, at, "has no " + name,
                            "experiment_id, compute_budget, model_size, num_tokens"};
    };
    auto const refuse = [&](std::string const& name, json const& value, char const* expected) {
        throw scaling_error{fault::bad_sweep, at + "." + name, "found " + dump(value), expected};
    };
    auto const whole = [&](std::string const& name) {
        auto const& value = field(name);
        auto const number = whole_number(value);
        if (!number) refuse(name, value, "a whole number");
        return *number;
    };
    experiment out;
    auto const& id = field("experiment_id");
    if (!id.is_text()) refuse("experiment_id", id, "text");
    out.experiment_id = id.text();
    auto const& budget = field("compute_budget");
    if (!budget.is_number()) refuse("compute_budget", budget, "a number");
    out.compute_budget = budget.real();
    out.model_size = whole("model_size"), out.num_tokens = whole("num_tokens");
    out.tokens_per_param =
        out.model_size == 0 ? 0 : static_cast<double>(out.num_tokens) / static_cast<double>(out.model_size);
    if (auto const* rate = row.find("learning_rate"); rate != nullptr && !rate->is_null()) {
        if (!rate->is_number() || !(rate->real() > 0)) refuse("learning_rate", *rate, "a number above 0");
        out.learning_rate = rate->real();
    }
    return out;
}

}  // namespace detail

KVT_DECL std::vector<experiment> parse_sweep(json const& document, std::string_view where) {
    if (!document.is_array())
        throw scaling_error{fault::bad_sweep, std::string{where}, "found " + std::string{document.type_name()},
                            "a list of experiments"};
    std::vector<experiment> out;
    std::set<std::string, std::less<>> ids;
    for (auto const& row : document.items()) {
        auto const at = std::string{where} + "[" + std::to_string(out.size()) + "]";
        auto next = detail::parse_experiment(row, at);
        if (!ids.insert(next.experiment_id).second)
            throw scaling_error{fault::bad_sweep, at + ".experiment_id", next.experiment_id + " is there twice"};
        out.push_back(std::move(next));
    }
    return out;
}

KVT_DECL std::vector<experiment> read_sweep(std::string const& path) {
    if (!file_exists(path))
        throw scaling_error{fault::missing_sweep, path, "there is no such file", "what `kvt scaling plan` writes"};
    return parse_sweep(read_json_file(path), path);
}

KVT_DECL void write_sweep(std::string const& path, std::span<experiment const> sweep) {
    write_file(path, dump(sweep_json(sweep), json_style::pretty) + "\n");
}

}  // namespace kvt::inline KVT_ABI::scaling
