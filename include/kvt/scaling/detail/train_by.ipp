#pragma once

#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/mock_training.hpp>
#include <kvt/scaling/train_by.hpp>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

inline json data_of(trainer_settings const& s) {
    if (s.dataset.name.empty()) {
        std::string known;
        for (auto const name : token_sources::names()) known += (known.empty() ? "" : ", ") + std::string{name};
        throw scaling_error{fault::invalid_option, "dataset.name", "is not given, and mode local trains on data",
                            known + " (for instance config/scaling/isoflop.yaml)"};
    }
    auto out = s.dataset.parameters;
    out["source"] = s.dataset.name;
    if (!s.dataset.tokenizer.empty()) out["tokenizer"] = s.dataset.tokenizer;
    return out;
}

inline earlier_results earlier_of(trainer_settings const& s) {
    return s.resume ? earlier_results::keep : earlier_results::discard;
}

}  // namespace detail

KVT_DECL decoder_training<> local_training(trainer_settings const& s) {
    s.check();
    return {.how = {.num_layers = s.model.num_layers,
                    .vocab_size = s.model.vocab_size,
                    .widths = {.multiple = s.model.width_multiple, .ffn_ratio = s.model.ffn_ratio},
                    .dropout = s.model.dropout,
                    .seq_len = s.dataset.seq_len,
                    .batch_size = s.trainer.batch_size,
                    .accumulation_steps = s.trainer.accumulation_steps,
                    .learning_rate = s.trainer.learning_rate,
                    .weight_decay = s.trainer.weight_decay,
                    .warmup_ratio = s.trainer.warmup_ratio,
                    .min_lr_ratio = s.trainer.min_lr_ratio,
                    .max_grad_norm = s.trainer.max_grad_norm,
                    .decay = s.trainer.scheduler == "cosine" ? decay_shape::after_warmup : decay_shape::constant,
                    .optimizer = {s.trainer.adam_beta1, s.trainer.adam_beta2, s.trainer.adam_eps},
                    .start = !s.umup.enabled ? start_rule::sp
                             : s.umup.full   ? start_rule::umup_full
                                             : start_rule::umup,
                    .base_std = s.umup.base_std,
                    .base_width = s.umup.base_width,
                    .base_width_wd = s.umup.base_width_wd,
                    .no_decay_lr_mult = s.umup.no_decay_lr_mult,
                    .seed = s.trainer.seed,
                    .validation_sequences = s.dataset.validation_sequences,
                    .data = detail::data_of(s)},
            .places = {.checkpoints = s.paths.checkpoints,
                       .logs = s.paths.logs,
                       .checkpoint_every = s.trainer.checkpoint_every,
                       .log_every = s.trainer.log_every,
                       .evaluate_every = s.trainer.eval_every,
                       .earlier = detail::earlier_of(s)}};
}

KVT_DECL trained train_by(trainer_settings const& s, run_context& context, planned const& sweep) {
    s.check();
    training_files const files{s.paths.output, detail::earlier_of(s)};
    if (s.checked_mode() == training_mode::mock) return train{mock_training{s.trainer.seed}, files}(context, sweep);
    return train{local_training(s), files}(context, sweep);
}

}  // namespace kvt::inline KVT_ABI::scaling
