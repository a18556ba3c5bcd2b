// decoder_training: a sweep's runs as real training of GPTs.
#pragma once

#include <kvt/scaling/sweep_job.hpp>
#include <kvt/scaling/train_decoder.hpp>
#include <kvt/scaling/trainer.hpp>

namespace kvt::inline KVT_ABI::scaling {

/// Trains each experiment's model on its tokens (scaling-laws 2.6) in a folder of its own below `folder`, named after the
/// experiment; a run that was interrupted goes on from its checkpoint. Meets `trainer`. `Sources` as in `train_decoder`.
template <class Sources = token_sources> struct decoder_training {
    static constexpr std::string_view name = "decoders";

    sweep_training how{};
    std::string folder = "outputs/checkpoints";

    [[nodiscard]] auto start(run_context& context, std::span<experiment const>) const {
        return [this, &context](experiment const& e, std::size_t) -> std::optional<outcome> {
            double const began = context.seconds();
            auto const done = train_decoder<Sources>{
                how.job(e.model_size, e.num_tokens, folder + "/" + e.experiment_id)}(context, kvt::start{});
            if (!done.finished) return std::nullopt;
            outcome out{.final_loss = done.final_loss,
                        .actual_flops = done.flops,
                        .wall_time_seconds = context.seconds() - began};
            out.actual_params = counts_of(gpt_for_size(e.model_size, how.num_layers, how.vocab_size)).core;
            out.tokens_trained = done.tokens;
            out.epochs = done.epochs;
            return out;
        };
    }
};
template <class Sources>
constexpr member_list<member<"how", &decoder_training<Sources>::how>,
                      member<"folder", &decoder_training<Sources>::folder>>
kvt_record_members(decoder_training<Sources>*) {
    return {};
}

static_assert(trainer<decoder_training<>>);

}  // namespace kvt::inline KVT_ABI::scaling
