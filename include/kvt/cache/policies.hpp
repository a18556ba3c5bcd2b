// policies: the registered cache policies by name.
#pragma once

#include <kvt/cache/any_policy.hpp>
#include <kvt/cache/full.hpp>
#include <kvt/cache/h2o.hpp>
#include <kvt/cache/random.hpp>
#include <kvt/cache/snapkv.hpp>
#include <kvt/cache/streaming_llm.hpp>
#include <kvt/core/registry.hpp>

#include <string>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::cache {

/// What YAML, requests and the command line can name. A program adds its own:
/// `using mine = kvt::cache::policies::with<"mine", my_policy>;`
using policies = registry<entry<"full", full>, entry<"snapkv", snapkv>, entry<"h2o", h2o>,
                          entry<"streaming_llm", streaming_llm>, entry<"random", random>>;

/// Calls `f` with a policy by name. `name` may carry a dialect, `snapkv@kvpress`, which sets the parameter `dialect`.
/// Throws `error{usage}` for unknown names and for a dialect that the parameters contradict, and `error{malformed}` for
/// unknown or wrong parameters; `where` names their source.
template <class Registry = policies, class F>
decltype(auto) visit_policy(std::string_view name, json parameters, std::string_view where, F&& f) {
    if (auto const at = name.find('@'); at != std::string_view::npos) {
        json const dialect{name.substr(at + 1)};
        auto const* other = parameters.find("dialect");
        if (other != nullptr && !other->is_null() && *other != dialect)
            throw error{error_kind::usage, std::string{where} + ".dialect",
                        dump(*other) + " contradicts " + std::string{name}};
        parameters["dialect"] = dialect;
        name = name.substr(0, at);
    }
    return Registry::visit(name, parameters, where, std::forward<F>(f));
}

/// The same as a value.
template <class Registry = policies>
[[nodiscard]] any_policy make_policy(std::string_view name, json parameters = {},
                                     std::string_view where = "kv.policy") {
    return visit_policy<Registry>(name, std::move(parameters), where, [](auto const& p) { return any_policy{p}; });
}

/// A policy by name with its parameters (null: its defaults), as a request carries it.
struct named_policy {
    std::string name{};
    json parameters{};
};
KVT_RECORD(named_policy, name, parameters);

/// What these policies need together; where none is named, the registered ones in their default form.
template <class Registry = policies>
[[nodiscard]] observation_needs common_needs(std::vector<named_policy> const& of = {}) {
    observation_needs all;
    for (auto const& p : of) all = all.with(make_policy<Registry>(p.name, p.parameters).needs());
    if (of.empty())
        Registry::each([&](std::string_view, auto type) { all = all.with(typename decltype(type)::type{}.needs()); });
    return all;
}

}  // namespace kvt::inline KVT_ABI::cache
