// sweep_job: the training run of one model size and token budget, as every run of a sweep is made.
#pragma once

#include <kvt/scaling/decoder_job.hpp>

#include <optional>

namespace kvt::inline KVT_ABI::scaling {

/// What the runs of a sweep have in common (scaling-laws 2.6): GPTs of `num_layers` layers, sized by the nearest core, with
/// AdamW, a cosine behind a warm-up and rates by width (`u_mup`) or one rate (`sp`).
struct sweep_training {
    std::int64_t num_layers = 6, vocab_size = 50257;
    gpt_widths widths{};
    double dropout = 0;
    std::int64_t seq_len = 256, batch_size = 64, accumulation_steps = 1;
    double learning_rate = 3e-4, weight_decay = 0.1, warmup_ratio = 0.1, min_lr_ratio = 0, max_grad_norm = 1;
    decay_shape decay = decay_shape::after_warmup;
    adamw optimizer{};
    start_rule start = start_rule::umup;
    double base_std = 0.02;
    std::int64_t base_width = 32, base_width_wd = 1024;
    double no_decay_lr_mult = 0.1;
    std::int64_t seed = 42;
    std::int64_t validation_sequences = 0;  ///< behind the final loss; 0: the last tenth of the steps
    json data{json::object{}};              ///< as a job has it

    /// The model of about `model_size` core parameters. Throws as `job` does.
    [[nodiscard]] decoder_shape shape(std::int64_t model_size) const;
    /// The run of such a model on `num_tokens` tokens, rounded up to whole steps, in a folder of its own. Throws
    /// `error{usage}` for what is out of range; `structured` needs another shape than a GPT's.
    [[nodiscard]] decoder_job job(std::int64_t model_size, std::int64_t num_tokens, std::string folder) const;
};
KVT_RECORD(sweep_training, num_layers, vocab_size, widths, dropout, seq_len, batch_size, accumulation_steps,
           learning_rate, weight_decay, warmup_ratio, min_lr_ratio, max_grad_norm, decay, optimizer, start, base_std,
           base_width, base_width_wd, no_decay_lr_mult, seed, validation_sequences, data);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/sweep_job.ipp>
#endif
