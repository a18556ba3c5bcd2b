// train: a stage from a sweep to its runs, which can be stopped at any moment and goes on where it was.
#pragma once

#include <kvt/core/function_view.hpp>
#include <kvt/scaling/plan.hpp>
#include <kvt/scaling/trainer.hpp>
#include <kvt/scaling/training_run.hpp>

namespace kvt::inline KVT_ABI::scaling {

/// What to do with results that are there already.
enum class earlier_results : std::uint8_t {
    keep,     ///< runs that were completed as planned now are not repeated
    discard,  ///< everything anew
};
KVT_CHOICE(earlier_results, "keep", "discard");

/// The runs of a sweep, in its order; behind them those of other sweeps that the file held.
struct trained {
    std::vector<training_run> runs;
    std::string path{};  ///< of results.json; empty: none
    std::size_t completed = 0, failed = 0, kept = 0;
    bool stopped = false;  ///< before the sweep's end
    std::vector<std::string> warnings{};
};

/// Where runs are kept, and what of them.
struct training_files {
    std::string folder = "outputs";  ///< of results.json; empty: nothing is written or kept
    earlier_results earlier = earlier_results::keep;
};

/// Who shows how far a sweep is: the stage, a bar over its runs; or the trainer, which then has a `progress` of this value.
enum class sweep_progress : std::uint8_t { by_stage, by_trainer };

namespace detail {
using train_one = function_view<std::optional<outcome>(experiment const&, std::size_t)>;
[[nodiscard]] trained train_sweep(run_context& context, planned const& plan, training_files const& files,
                                  json const& trainer, train_one run, sweep_progress progress);
/// Refuses a folder whose `name` says that its contents were made otherwise, unless they are to be discarded; then notes
/// how they are made.
void note_configuration(std::string const& folder, std::string const& name, json const& made_by,
                        earlier_results earlier);
template <class T> constexpr sweep_progress progress_of() {
    if constexpr (requires { T::progress; }) return T::progress;
    return sweep_progress::by_stage;
}
}  // namespace detail

/// Trains every experiment and writes `<folder>/results.json` after each (those that take a moment, several times a second
/// and at the end), as a whole and by renaming, so that a crash loses at most the run it interrupts. A run that throws or
/// whose loss is not finite is a failed one, and the sweep goes on (scaling-laws 2.3, 2.4). Beside it,
/// `results.config.json` says how the runs were made; results made otherwise are not mixed with new ones:
/// `scaling_error{other_configuration}`.
template <trainer T> struct train {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "train";
    T how;
    training_files files;

    constexpr explicit train(T trainer, training_files where = {}) : how{std::move(trainer)}, files{std::move(where)} {}

    trained operator()(run_context& context, planned const& plan) const {
        json made_by = json::of({{"trainer", T::name}, {"parameters", to_json(how)}});
        if (plan.sweep.empty())  // nothing to begin
            return detail::train_sweep(
                context, plan, files, made_by,
                [](experiment const&, std::size_t) -> std::optional<outcome> { return {}; }, sweep_progress::by_stage);
        auto run = how.start(context, plan.sweep);
        return detail::train_sweep(
            context, plan, files, made_by,
            [&](experiment const& e, std::size_t place) -> std::optional<outcome> { return run(e, place); },
            detail::progress_of<T>());
    }
};

/// Reads runs that were made before: a source stage for analysis.
struct load_runs {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "load_runs";
    std::string path;

    trained operator()(run_context& context, start) const;
};

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/train.ipp>
#endif
