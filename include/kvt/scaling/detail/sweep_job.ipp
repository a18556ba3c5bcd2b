#pragma once

#include <kvt/scaling/sweep_job.hpp>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL decoder_job sweep_training::job(std::int64_t model_size, std::int64_t num_tokens, std::string folder) const {
    if (start == start_rule::structured)
        throw error{error_kind::usage, "start", "structured", "u-mup or sp"};
    auto const steps = steps_for(num_tokens, batch_size, accumulation_steps, seq_len).steps;
    decoder_job out;
    out.seed = seed;
    out.output = std::move(folder);
    out.model = gpt_for_size(model_size, num_layers, vocab_size);
    out.start.rule = start, out.start.base_std = base_std;
    out.data = data;
    out.optimizer = optimizer;
    out.rates = {.rule = start == start_rule::umup ? rate_rule::umup : rate_rule::uniform,
                 .learning_rate = learning_rate,
                 .weight_decay = weight_decay,
                 .base_width = base_width,
                 .base_width_wd = base_width_wd,
                 .no_decay_lr_mult = no_decay_lr_mult};
    out.schedule = {
        .steps = steps, .warmup_steps = warmup_steps_of(warmup_ratio, steps), .min_ratio = min_lr_ratio};
    out.max_grad_norm = max_grad_norm;
    out.stages = {{.length = seq_len, .sequences = batch_size, .accumulation = accumulation_steps}};
    out.questions.sequences = validation_sequences;
    out.checkpoint_every = checkpoint_every;
    out.exported.type = weight_type::f32;
    out.check();
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
