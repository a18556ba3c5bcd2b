#pragma once

#include <kvt/config/settings.hpp>

namespace kvt::inline KVT_ABI::config {
namespace detail {

KVT_DECL policy_choice policy_of(json const& item, std::string const& where) {
    if (item.is_text()) return {item.text(), {}};
    auto const* name = item.find("name");
    if (name == nullptr || !name->is_text())
        throw error{error_kind::malformed, where, "found " + std::string{item.type_name()},
                    "a policy's name, or {name: ..., parameters}"};
    policy_choice out{name->text(), {}};
    for (auto const& [key, value] : item.members()) {
        if (key == "name") continue;
        if (key == "params" && value.is_object())
            for (auto const& [inner, parameter] : value.members()) out.parameters[inner] = parameter;
        else out.parameters[key] = value;
    }
    return out;
}

}  // namespace detail

KVT_DECL std::vector<policy_choice> policies_of(kv_settings const& kv) {
    if (kv.policies.is_null()) return {{kv.policy, {}}};
    if (!kv.policies.is_array() || kv.policies.size() == 0)
        throw error{error_kind::malformed, "kv.policies", "found " + std::string{kv.policies.type_name()},
                    "a list of policies that is not empty"};
    std::vector<policy_choice> out;
    for (std::size_t i = 0; i < kv.policies.size(); ++i)
        out.push_back(detail::policy_of(kv.policies.items()[i], "kv.policies[" + std::to_string(i) + "]"));
    return out;
}

}  // namespace kvt::inline KVT_ABI::config
