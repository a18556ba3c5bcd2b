#pragma once

#include <kvt/scaling/sweep_job.hpp>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL decoder_shape sweep_training::shape(std::int64_t model_size) const {
    auto out = gpt_for_size(model_size, num_layers, vocab_size, size_rule::nearest, widths);
    out.dropout = dropout;
    if (start == start_rule::umup_full) out.scaling.rule = factor_rule::unit;
    return out;
}

KVT_DECL decoder_job sweep_training::job(std::int64_t model_size, std::int64_t num_tokens, std::string folder) const {
    if (start == start_rule::structured)
        throw error{error_kind::usage, "start", "structured", "u-mup, u-mup-full or sp"};
    if (!(warmup_ratio >= 0 && warmup_ratio <= 1))
        throw error{error_kind::usage, "warmup_ratio", shortest(warmup_ratio), "0..1"};
    auto const steps = steps_for(num_tokens, batch_size, accumulation_steps, seq_len).steps;
    decoder_job out;
    out.seed = seed;
    out.output = std::move(folder);
    out.model = shape(model_size);
    out.start.rule = start, out.start.base_std = base_std;
    out.data = data;
    out.optimizer = optimizer;
    out.rates = {.rule = start == start_rule::sp          ? rate_rule::uniform
                         : start == start_rule::umup_full ? rate_rule::umup_full
                                                          : rate_rule::umup,
                 .learning_rate = learning_rate,
                 .weight_decay = weight_decay,
                 .base_width = base_width,
                 .base_width_wd = base_width_wd,
                 .no_decay_lr_mult = no_decay_lr_mult};
    out.schedule = {.steps = steps,
                    .warmup_steps = warmup_steps_of(warmup_ratio, steps),
                    .min_ratio = min_lr_ratio,
                    .decay = decay};
    out.max_grad_norm = max_grad_norm;
    out.stages = {{.length = seq_len, .sequences = batch_size, .accumulation = accumulation_steps}};
    out.questions.sequences = validation_sequences;
    out.exported.type = weight_type::f32;
    out.check();
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
