#pragma once

#include <kvt/engine/detail/embedded_answer.ipp>
#include <kvt/engine/embedded.hpp>
#include <kvt/engine/scheduler.hpp>

#include <memory>
#include <optional>

namespace kvt::inline KVT_ABI::engine {
namespace detail {

/// A step of some requests: all their tokens meet the weights in one batch, and in another one those that are left where a
/// prompt was compacted in between.
struct batch_runner {
    embedded_core const* core;

    void operator()(std::span<embedded_answer* const> group) const {
        std::vector<embedded_answer*> left{group.begin(), group.end()};
        std::vector<embedded_core::pass> passes;
        for (auto* one : left) one->begin_step();
        for (;;) {
            passes.clear();
            std::erase_if(left, [&](embedded_answer* one) {
                auto pass = one->next();
                if (pass) passes.push_back(*pass);
                return !pass;
            });
            if (left.empty()) break;
            core->forward(passes);
            for (std::size_t i = 0; i < left.size(); ++i) left[i]->passed(passes[i]);
        }
        for (auto* one : group) one->end_step();
    }
};

static_assert(stepped<embedded_answer>);

class embedded_service {
  public:
    embedded_service(language_model model, embedded_options options, cache::observation_needs common)
        : core_{std::move(model), options, common} {
        options.steps.check();
        if (options.steps.batching == batching::joined) loop_.emplace(options.steps, batch_runner{&core_});
    }
    [[nodiscard]] embedded_core const& core() const { return core_; }

    void serve(embedded_answer& one) const {
        if (!loop_) return serve_alone(one);
        auto const hear = [&](std::span<std::int32_t const> fresh) { one.hear(fresh); };
        typename loop::listener const listen{hear};
        loop_->serve(one, one.listened_to() ? &listen : nullptr);
    }

  private:
    using loop = scheduler<embedded_answer, batch_runner>;

    /// Steps of one request, on this thread.
    void serve_alone(embedded_answer& one) const {
        constexpr std::int64_t piece = 2 * model::transformer::block_rows;
        embedded_answer* const group[] = {&one};
        std::size_t told = 0;
        auto const tell = [&] {
            if (one.listened_to()) one.hear(one.tokens().subspan(told));
            told = one.tokens().size();
        };
        one.begin();
        for (tell(); one.goes_on(); tell()) {
            one.place().now = std::min(piece, one.place().prompt_left);
            batch_runner{&core_}(group);
        }
    }

    embedded_core core_;
    mutable std::optional<loop> loop_;
};

KVT_DECL embedded_handle::embedded_handle(language_model model, embedded_options options,
                                          cache::observation_needs common)
    : service{std::make_shared<embedded_service const>(std::move(model), std::move(options), common)} {}

KVT_DECL outcome embedded_handle::generate(run_context& context, request const& r, cache::any_policy policy,
                                           token_sink const* sink) const {
    auto const serve = [&](embedded_answer& one) { service->serve(one); };
    return embedded_answer{service->core(), context, r, sink}.answer(std::move(policy), serve);
}

KVT_DECL identity embedded_handle::describe(std::string_view name) const {
    return {std::string{name}, {}, service->core().model().name, service->core().hash()};
}

}  // namespace detail
}  // namespace kvt::inline KVT_ABI::engine
