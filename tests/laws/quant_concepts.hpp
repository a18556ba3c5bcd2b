// What the compiler alone can say of every quantizer and every range policy: a concept met, and the manners of a policy.
#pragma once

#include <kvt/core/registry.hpp>
#include <kvt/quant/quantizer.hpp>
#include <kvt/quant/range_policy.hpp>
#include <kvt/quant/token_groups.hpp>

#include <concepts>
#include <type_traits>

namespace laws {

/// A policy is a plain value: made without arguments, copied, without virtual functions, with a name that is not empty.
template <class P> consteval bool plain_policy() {
    static_assert(std::copyable<P> && std::default_initializable<P>);
    static_assert(!std::is_polymorphic_v<P> && std::is_trivially_destructible_v<P>);
    static_assert(kvt::record<P> && kvt::named<P> && !P::name.empty());
    return true;
}

template <class P> consteval bool range_policy_shape() {
    static_assert(kvt::quant::range_policy<P>);
    static_assert(!std::is_invocable_v<P const&, kvt::quant::grouped_values const&>,
                  "the ranges it starts from are given");
    return plain_policy<P>();
}

template <class Q> consteval bool quantizer_shape() {
    static_assert(kvt::quant::quantizer<Q>);
    static_assert(std::same_as<decltype(std::declval<Q const&>().check()), void>);
    static_assert(!kvt::quant::range_policy<Q> && !kvt::quant::token_quantizer<Q>, "one concept a type");
    return plain_policy<Q>();
}

template <class Q> consteval bool token_quantizer_shape() {
    static_assert(kvt::quant::token_quantizer<Q>);
    static_assert(!kvt::quant::quantizer<Q> && !kvt::quant::range_policy<Q>);
    return plain_policy<Q>();
}

/// Every policy of a registry, and under the name that it gives itself.
template <class Registry> struct registered;
template <class... Entries> struct registered<kvt::registry<Entries...>> {
    static constexpr bool own_names = ((Entries::name == Entries::policy::name) && ...);
    static consteval bool range_policies() {
        return own_names && (range_policy_shape<typename Entries::policy>() && ...);
    }
    static consteval bool quantizers() { return own_names && (quantizer_shape<typename Entries::policy>() && ...); }
};

}  // namespace laws
