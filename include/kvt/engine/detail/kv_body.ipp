#pragma once

#include <kvt/cache/receipt_verify.hpp>
#include <kvt/engine/kv_body.hpp>
#include <kvt/engine/notes.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::engine {

KVT_DECL json write_kv_body(request const& r) {
    kv_body const body{r.kv.policy, r.kv.parameters, r.kv.budget,      r.kv.mode,         r.kv.question,
                       r.kv.seed,   r.kv.item,       r.question_bytes, receipt_form::full};
    json out = to_json(body);
    for (auto const* key : {"parameters", "mode"})
        if (out.at(key).is_null()) out.erase(key);
    return out;
}

KVT_DECL receipt_form read_kv_body(json const& kv, request& into) {
    auto const body = from_json<kv_body>(kv, "kv");
    if (!(body.budget > 0 && body.budget <= 1))
        throw error{error_kind::usage, "kv.budget", dump(body.budget) + " is out of range", "a number in (0, 1]"};
    if (body.question_bytes < 0)
        throw error{error_kind::usage, "kv.question_bytes", std::to_string(body.question_bytes) + " is negative"};
    if (!body.parameters.is_null() && !body.parameters.is_object())
        throw error{error_kind::usage, "kv.parameters", "found " + std::string{body.parameters.type_name()},
                    "a mapping"};
    into.kv = {body.policy, body.parameters, body.budget, body.mode, body.question, body.seed, body.item};
    into.question_bytes = body.question_bytes;
    return body.receipt;
}

KVT_DECL json write_kv_echo(request const& asked, response const& given, receipt_form form) {
    json out;
    auto const& got = given.receipt;
    out["policy"] = got ? got->policy : asked.kv.policy;
    out["parameters"] = got ? got->parameters : asked.kv.parameters;
    out["budget"] = got ? got->budget : asked.kv.budget;
    out["mode"] = got ? json{name_of(got->mode)} : asked.kv.mode ? json{name_of(*asked.kv.mode)} : json{};
    out["question"] = name_of(got ? got->question : asked.kv.question);
    out["seed"] = asked.kv.seed;
    out["item"] = asked.kv.item;
    out["evidence"] = name_of(proof_of(given));
    out["kv_total_tokens"] = given.kv_total_tokens ? json{*given.kv_total_tokens} : json{};
    out["kv_retained_tokens"] = given.kv_retained_tokens ? json{*given.kv_retained_tokens} : json{};
    if (!got) return out;
    json receipt = to_json(*got);
    if (form == receipt_form::summary) receipt.erase("heads");
    out["receipt"] = std::move(receipt);
    return out;
}

namespace detail {

KVT_DECL std::optional<std::int64_t> count_in(json const* object, std::string_view key) {
    auto const* found = object != nullptr ? object->find(key) : nullptr;
    if (found == nullptr || !found->is_integer() || found->integer() < 0) return std::nullopt;
    return found->integer();
}

/// A policy's name without its dialect.
KVT_DECL std::string_view plain_policy(std::string_view name) { return name.substr(0, name.find('@')); }

KVT_DECL bool same_policy(std::string_view applied, std::string_view asked) {
    return asked.find('@') == std::string_view::npos ? plain_policy(applied) == asked : applied == asked;
}

/// The first parameter that was asked for and not applied; empty where there is none. Null asks for nothing, and 1 and 1.0
/// for the same.
KVT_DECL std::string parameter_problem(json const& applied, json const& asked) {
    if (!asked.is_object()) return {};
    for (auto const& [key, wish] : asked.members()) {
        if (wish.is_null()) continue;
        auto const* value = applied.find(key);
        bool const numbers = value != nullptr && value->is_number() && wish.is_number();
        if (value != nullptr && (numbers ? value->real() == wish.real() : *value == wish)) continue;
        return "is for " + one_line(key, 60) + " " + (value != nullptr ? one_line(dump(*value), 60) : "left out");
    }
    return {};
}

}  // namespace detail

KVT_DECL std::string receipt_problem(cache::receipt const& r, kv_request const& asked, token_usage const& usage) {
    if (auto const problem = cache::verify(r, {.answer_tokens = usage.completion_tokens})) return *problem;
    if (!detail::same_policy(r.policy, asked.policy)) return "is for policy " + one_line(r.policy, 60);
    if (r.budget != asked.budget) return "is for budget " + dump(r.budget);
    if (asked.mode && r.mode != *asked.mode) return "is for mode " + std::string{name_of(r.mode)};
    if (r.question != asked.question) return "is for question mode " + std::string{name_of(r.question)};
    if (r.seed != asked.seed || r.item != asked.item) return "is for another prompt or seed";
    if (usage.prompt_tokens && r.prompt_tokens != *usage.prompt_tokens)
        return "is for a prompt of " + std::to_string(r.prompt_tokens) + " tokens, the usage counts " +
               std::to_string(*usage.prompt_tokens);
    return detail::parameter_problem(r.parameters, asked.parameters);
}

namespace detail {

KVT_DECL void read_receipt(json const& source, kv_request const& asked, response& into) {
    try {
        auto receipt = from_json<cache::receipt>(source, "kv.receipt");
        auto const problem = receipt_problem(receipt, asked, into.usage);
        if (problem.empty()) {
            into.receipt = std::move(receipt);
            into.proof = evidence::receipts;
            return;
        }
        into.notes["kv_problem"] = "receipt " + problem;
    } catch (error const& unreadable) {
        into.notes["kv_problem"] = one_line(unreadable.what());
    }
}

}  // namespace detail

KVT_DECL void read_kv_echo(json const& reply, kv_request const& asked, response& into) {
    auto const* kv = reply.find("kv");
    auto const* usage = reply.find("usage");
    json const* echoed = nullptr;
    for (auto const* place : {kv, usage, &reply}) {
        if (!into.kv_total_tokens) into.kv_total_tokens = detail::count_in(place, "kv_total_tokens");
        if (!into.kv_retained_tokens) into.kv_retained_tokens = detail::count_in(place, "kv_retained_tokens");
        if (echoed == nullptr && place != nullptr) echoed = place->find(place == kv ? "budget" : "kv_budget");
    }
    auto const* receipt = kv != nullptr ? kv->find("receipt") : nullptr;
    if (receipt != nullptr && receipt->find("heads") != nullptr) return detail::read_receipt(*receipt, asked, into);
    auto const* said = kv != nullptr ? kv->find("evidence") : nullptr;
    if (echoed == nullptr || (said != nullptr && *said == json{"none"})) return;
    auto const* policy = kv != nullptr ? kv->find("policy") : nullptr;
    if (!echoed->is_number() || std::abs(echoed->real() - asked.budget) > 1e-9)
        into.notes["kv_problem"] = "the server applied budget " + one_line(dump(*echoed), 60);
    else if (policy != nullptr && !(policy->is_text() && detail::same_policy(policy->text(), asked.policy)))
        into.notes["kv_problem"] = "the server applied policy " + one_line(dump(*policy), 60);
    else into.proof = evidence::acknowledged;
}

}  // namespace kvt::inline KVT_ABI::engine
