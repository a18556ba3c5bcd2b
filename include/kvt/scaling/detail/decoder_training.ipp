#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/scaling/decoder_training.hpp>
#include <kvt/scaling/detail/train.ipp>
#include <kvt/scaling/detail/train_decoder.ipp>
#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/gemm_rate.hpp>

namespace kvt::inline KVT_ABI::scaling::detail {

/// Experiments name folders: one name each, below the checkpoints.
inline void check_ids(std::span<experiment const> sweep) {
    for (std::size_t i = 0; i < sweep.size(); ++i) {
        auto const& id = sweep[i].experiment_id;
        if (id.empty() || id == "." || id == ".." || id.find('/') != id.npos || id.find('\0') != id.npos)
            throw scaling_error{fault::bad_sweep, "sweep[" + std::to_string(i) + "].experiment_id",
                                dump(json{id}) + " is no name of a folder", "such as exp_0001"};
    }
}

KVT_DECL sweep_trainer::sweep_trainer(run_context& context, std::span<experiment const> sweep,
                                      sweep_training const& how, training_places const& places, token_reader training,
                                      token_reader validation)
    : context_{context}, sweep_{sweep}, how_{how}, places_{places}, training_{std::move(training)},
      validation_{std::move(validation)} {
    check_ids(sweep);
    if (training_.vocab_size() > how.vocab_size)
        throw error{error_kind::mismatch, "model.vocab_size", std::to_string(how.vocab_size),
                    "the data's " + std::to_string(training_.vocab_size()) + " or more"};
    (void)job_of({.experiment_id = "none", .model_size = 1, .num_tokens = 1});  // refuses what no run could use
    note_configuration(places.checkpoints, "sweep.config.json", to_json(how), places.earlier);
    exec::inline_executor const alone;
    auto const* several = context.find<exec::any_executor>();
    peak_ = gemm_rate(several != nullptr ? exec::executor_view{*several} : exec::executor_view{alone});
}

KVT_DECL decoder_job sweep_trainer::job_of(experiment const& e) const {
    auto how = how_;
    if (e.learning_rate) how.learning_rate = *e.learning_rate;
    auto job = how.job(e.model_size, e.num_tokens, places_.checkpoints + "/" + e.experiment_id);
    if (!places_.logs.empty()) job.log = places_.logs + "/" + e.experiment_id + ".csv";
    job.checkpoint_every = places_.checkpoint_every, job.log_every = places_.log_every;
    job.evaluate_every = how.validation_sequences > 0 ? places_.evaluate_every : 0;
    job.check();
    return job;
}

KVT_DECL double sweep_trainer::flops_of(experiment const& e) const {
    try {
        return token_flops(how_.shape(e.model_size), how_.seq_len) * static_cast<double>(e.num_tokens);
    } catch (error const&) {  // it will be a failed run, and cost nothing
        return 0;
    }
}

/// Which run of how many; from the second on, how long all that are left will take.
KVT_DECL std::string sweep_trainer::title(experiment const& e, std::size_t place) const {
    auto out = e.experiment_id + " (" + std::to_string(place + 1) + " of " + std::to_string(sweep_.size());
    if (flops_ > 0) {
        double left = 0;
        for (auto const& later : sweep_.subspan(place))
            if (later.model_size > 0 && later.num_tokens > 0) left += flops_of(later);
        out += ", " + fixed(left / flops_ * seconds_ / 60, 1) + " min for all";
    }
    return out + ")";
}

KVT_DECL std::optional<outcome> sweep_trainer::operator()(experiment const& e, std::size_t place) {
    auto const job = job_of(e);
    double const began = context_.seconds();
    auto const earlier =
        places_.earlier == earlier_results::keep ? earlier_checkpoint::go_on_or_discard : earlier_checkpoint::discard;
    auto const done = run_decoder_job(context_, job, {earlier, title(e, place), peak_}, training_, validation_);
    if (!done.finished) return std::nullopt;
    double const seconds = context_.seconds() - began;
    flops_ += flops_of(e), seconds_ += seconds;
    outcome out{.final_loss = done.final_loss, .actual_flops = done.flops, .wall_time_seconds = seconds};
    out.actual_params = counts_of(job.model).core;
    out.tokens_trained = done.tokens;
    out.epochs = done.epochs;
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling::detail
