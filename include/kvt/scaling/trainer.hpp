// trainer: what a sweep's experiments are trained by. The contract, and a function of one's own as its plain model.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/scaling/experiment.hpp>

#include <optional>
#include <span>
#include <utility>

namespace kvt::inline KVT_ABI::scaling {

/// What one training run came to. The loss may be anything but counts only where it is finite.
struct outcome {
    double final_loss = 0;
    double actual_flops = 0;
    double wall_time_seconds = 0;
    std::optional<std::int64_t> actual_params{}, tokens_trained{};
    std::optional<double> epochs{};  ///< how often the data was gone through
};
KVT_RECORD(outcome, final_loss, actual_flops, wall_time_seconds, actual_params, tokens_trained, epochs);

/// Begins a sweep with `start(context, sweep)`, which gives a function from an experiment and its place in the sweep to its
/// outcome, or to nothing where it was asked to stop before its end. What it throws makes that run a failed one. The
/// outcome must depend on the policy, the experiment and its place alone, so that a sweep that was interrupted ends as one
/// that was not. Satisfied by `mock_training`, `function_training`, and the trainer of decoder models.
template <class T>
concept trainer = named<T> && record<T> && requires(T const& t, run_context& c, std::span<experiment const> sweep) {
    { t.start(c, sweep)(sweep[0], std::size_t{}) } -> std::convertible_to<std::optional<outcome>>;
};

/// Trains by a function `f(run_context&, experiment const&) -> outcome`: any model of one's own.
template <class F> struct function_training {
    static constexpr std::string_view name = "local";
    F train_one;

    constexpr explicit function_training(F f) : train_one{std::move(f)} {}

    [[nodiscard]] auto start(run_context& context, std::span<experiment const>) const {
        return [this, &context](experiment const& e, std::size_t) -> std::optional<outcome> {
            return train_one(context, e);
        };
    }
};
template <class F> constexpr member_list<> kvt_record_members(function_training<F>*) { return {}; }

}  // namespace kvt::inline KVT_ABI::scaling
