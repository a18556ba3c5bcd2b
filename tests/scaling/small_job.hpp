// A training job that takes a moment.
#pragma once

#include "small_decoder.hpp"

#include <kvt/scaling/decoder_job.hpp>

#include <string>

namespace small_decoder {

/// Two lengths of generated text, ten steps.
inline kvt::scaling::decoder_job job(std::string const& output) {
    kvt::scaling::decoder_job out;
    out.output = output;
    out.model = tied();
    out.start.rule = kvt::scaling::start_rule::structured;
    out.data = kvt::json::of({{"source", "generated"}, {"vocab_size", 23}});
    out.rates = {.rule = kvt::scaling::rate_rule::uniform, .learning_rate = 0.01};
    out.schedule = {.steps = 10, .warmup_steps = 2};
    out.stages = {{.length = 16, .sequences = 4, .steps = 4}, {.length = 24, .sequences = 2, .accumulation = 2}};
    out.accuracy_window = 3;
    out.checkpoint_every = 3;
    return out;
}

}  // namespace small_decoder
