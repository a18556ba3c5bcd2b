// decoder_training: a sweep's runs as real training of GPTs.
#pragma once

#include <kvt/scaling/sweep_job.hpp>
#include <kvt/scaling/train.hpp>
#include <kvt/scaling/train_decoder.hpp>

namespace kvt::inline KVT_ABI::scaling {

/// Where a sweep's runs are kept on the way; none of it changes what they come to.
struct training_places {
    std::string checkpoints = "outputs/checkpoints";  ///< a folder for each run below it, named after the experiment
    std::string logs{};                               ///< of `<experiment>.csv`; empty: in the run's folder
    std::int64_t checkpoint_every = 200, log_every = 1, evaluate_every = 0;  ///< steps, as a job has them
    earlier_results earlier = earlier_results::keep;                         ///< what to do with checkpoints
};

namespace detail {

/// A sweep under way: its data are open, and its checkpoints are known to be of this configuration.
class sweep_trainer {
  public:
    sweep_trainer(run_context& context, std::span<experiment const> sweep, sweep_training const& how,
                  training_places const& places, token_reader training, token_reader validation);
    [[nodiscard]] std::optional<outcome> operator()(experiment const& e, std::size_t place);

  private:
    [[nodiscard]] decoder_job job_of(experiment const& e) const;
    [[nodiscard]] double flops_of(experiment const& e) const;
    [[nodiscard]] std::string title(experiment const& e, std::size_t place) const;

    run_context& context_;
    std::span<experiment const> sweep_;
    sweep_training how_;
    training_places places_;
    token_reader training_, validation_;
    double peak_ = 0;                 ///< of matrix products, measured once
    double flops_ = 0, seconds_ = 0;  ///< of the runs so far
};

}  // namespace detail

/// Trains each experiment's model on its tokens (scaling-laws 2.6), at the learning rate that the plan has for it, if any. A
/// run that was interrupted goes on from its checkpoint, unless the plan has changed what it is to be. Meets `trainer`;
/// shows its own progress. Checkpoints of a sweep that was configured otherwise are refused:
/// `scaling_error{other_configuration}`. `Sources` as in `train_decoder`.
template <class Sources = token_sources> struct decoder_training {
    static constexpr std::string_view name = "decoders";
    static constexpr sweep_progress progress = sweep_progress::by_trainer;
    sweep_training how{};
    training_places places{};

    [[nodiscard]] auto start(run_context& context, std::span<experiment const> sweep) const {
        auto const open = [&](data_split split) { return detail::open_data<Sources>(how.data, split, "dataset"); };
        auto const training = open(data_split::training);
        return detail::sweep_trainer{context,  sweep,
                                     how,      places,
                                     training, how.validation_sequences > 0 ? open(data_split::validation) : training};
    }
};
template <class Sources>
constexpr member_list<member<"how", &decoder_training<Sources>::how>> kvt_record_members(decoder_training<Sources>*) {
    return {};
}

static_assert(trainer<decoder_training<>>);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/decoder_training.ipp>
#endif
