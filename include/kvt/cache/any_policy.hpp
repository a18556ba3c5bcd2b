// any_policy: a policy chosen at run time, and the one place where its laws are enforced.
#pragma once

#include <kvt/cache/policy.hpp>
#include <kvt/core/json.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::cache {

/// Any cache policy, shared and immutable. `select` checks what the policy returns, so a user's own policy cannot
/// produce a cache that its receipt misreports.
class any_policy {
  public:
    /// Runs the policy's own `check`. Unconstrained on purpose: `checked_policy` words what a policy lacks.
    template <class P>
        requires(!std::same_as<P, any_policy>)
    explicit any_policy(P p) {
        if constexpr (detail::checked_policy<P>()) take(std::move(p));
    }

    [[nodiscard]] std::string_view name() const { return calls_->name; }
    [[nodiscard]] std::string const& label() const { return label_; }     ///< with its dialect
    [[nodiscard]] json const& parameters() const { return parameters_; }  ///< all of them, spelled out
    [[nodiscard]] observation_needs needs() const { return needs_; }
    [[nodiscard]] budget_mode when() const { return calls_->when; }
    [[nodiscard]] std::string adjustment(std::int32_t slots) const { return calls_->adjustment(policy_.get(), slots); }

    /// The slots that stay, by the laws of `cache::policy`; throws `error{usage}` naming the policy where it broke them.
    [[nodiscard]] std::vector<std::int32_t> select(head_view const& view, std::int32_t slots,
                                                   random_stream stream) const;

  private:
    struct calls {
        std::string_view name;
        budget_mode when;
        void (*select)(void const*, head_view const&, std::int32_t, random_stream, std::vector<std::int32_t>&);
        std::string (*adjustment)(void const*, std::int32_t);
    };
    template <policy P>
    static constexpr calls calls_of{
        P::name, P::when,
        [](void const* p, head_view const& view, std::int32_t slots, random_stream stream,
           std::vector<std::int32_t>& kept) { static_cast<P const*>(p)->select(view, slots, stream, kept); },
        [](void const* p, std::int32_t slots) -> std::string {
            if constexpr (requires(P const& q) { q.adjustment(slots); })
                return static_cast<P const*>(p)->adjustment(slots);
            else return {};
        }};
    template <policy P> void take(P p) {
        if constexpr (requires { p.check(); }) p.check();
        calls_ = &calls_of<P>;
        needs_ = p.needs();
        label_ = P::name;
        if constexpr (requires { p.label(); }) label_ = p.label();
        if constexpr (requires { p.resolved(); }) parameters_ = to_json(p.resolved());
        else parameters_ = to_json(p);
        policy_ = std::make_shared<P const>(std::move(p));
    }
    [[noreturn]] void broke(std::string expected) const;

    calls const* calls_ = nullptr;
    observation_needs needs_;
    std::string label_;
    json parameters_;
    std::shared_ptr<void const> policy_;
};

}  // namespace kvt::inline KVT_ABI::cache

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/cache/detail/any_policy.ipp>
#endif
