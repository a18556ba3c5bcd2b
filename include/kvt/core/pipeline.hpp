// pipeline{a, b, c}: a flat list of stages, source first, checked where it is declared.
#pragma once

#include <kvt/core/stage.hpp>

#include <cstddef>
#include <tuple>
#include <utility>

namespace kvt::inline KVT_ABI {

namespace detail {

template <std::size_t Index, class After, class Produced, class Stage> consteval bool fits() {
    constexpr bool marked = tagged_stage<Stage>, labelled = named<Stage>;
    if constexpr (!marked)
        static_assert(marked, "kvt: not a stage: add `using stage_concept = kvt::stage_tag;`");
    else if constexpr (!labelled)
        static_assert(labelled, "kvt: stage has no `static constexpr std::string_view name`");
    else if constexpr (std::same_as<Produced, start>)
        static_assert(stage_for<Stage, Produced>, "kvt: the first stage of a pipeline must be a source: this Stage cannot "
                                                  "consume kvt::start");
    else
        static_assert(stage_for<Stage, Produced>, "kvt: wrong order: this Stage cannot consume what the stage before it "
                                                  "(After) Produced");
    return stage_for<Stage, Produced>;
}

template <std::size_t Index, class After, class In, class... Rest> struct flow { using type = In; };
template <std::size_t Index, class After, class In, class S, class... Rest>
    requires(fits<Index, After, In, S>())
struct flow<Index, After, In, S, Rest...> : flow<Index + 1, S, stage_output<S, In>, Rest...> {};

}  // namespace detail

/// Stages run one after another, each on what the one before returned; calling it runs them all.
/// Unconstrained on purpose: `fits` words the error where a pipeline is declared.
template <class... Stages> class pipeline {
  public:
    using output = typename detail::flow<0, start, start, Stages...>::type;

    constexpr explicit pipeline(Stages... stages) : stages_(std::move(stages)...) {}

    output operator()(run_context& context) const { return run<0>(context, start{}); }
    output operator()(run_context&& context) const { return run<0>(context, start{}); }

    [[nodiscard]] constexpr std::tuple<Stages...> const& stages() const { return stages_; }

  private:
    template <std::size_t I, class V> auto run(run_context& context, V&& value) const {
        if constexpr (I == sizeof...(Stages)) return std::forward<V>(value);
        else return run<I + 1>(context, std::get<I>(stages_)(context, std::forward<V>(value)));
    }

    std::tuple<Stages...> stages_;
};

}  // namespace kvt::inline KVT_ABI
