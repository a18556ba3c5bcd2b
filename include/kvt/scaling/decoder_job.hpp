// decoder_job: all that decides what a training run of a decoder comes to.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/scaling/adamw.hpp>
#include <kvt/scaling/decoder_shape.hpp>
#include <kvt/scaling/parameter_rates.hpp>
#include <kvt/scaling/step_schedule.hpp>
#include <kvt/scaling/structured_start.hpp>

#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// How weights begin: by the rules of scaling-laws 3.4 and 3.9, or leaning towards retrieval (structured_start.hpp).
enum class start_rule : std::uint8_t { umup, sp, structured, umup_full };
KVT_CHOICE(start_rule, "u-mup", "sp", "structured", "u-mup-full");
struct start_weights {
    start_rule rule = start_rule::umup;
    double base_std = 0.02;  ///< of `umup`
    structured_start structured{};
};
KVT_RECORD(start_weights, rule, base_std, structured);

/// A stretch of training at one length. It ends after `steps`, or earlier once it has `min_steps` behind it and the share
/// of right answers over the last `accuracy_window` steps reaches `until_accuracy`; with steps = 0 only that way. The last
/// stage goes on to the end of the schedule, whatever it says.
struct training_stage {
    std::int64_t length = 256, sequences = 64, accumulation = 1;
    std::int64_t steps = 0, min_steps = 0;
    double until_accuracy = 0;  ///< 0: not asked
};
KVT_RECORD(training_stage, length, sequences, accumulation, steps, min_steps, until_accuracy);

/// What the finished model is asked. `sequences` of held-out data at `length` (0: the last stage's) for the final loss,
/// none: the final loss is the mean over the last tenth of the steps. `lengths` and `prompts` are of the recall task alone:
/// prompts of each length that are answered greedily.
struct final_questions {
    std::int64_t sequences = 0, length = 0;
    std::vector<std::int64_t> lengths{};
    std::int64_t prompts = 100;
    std::int64_t seed = 1000;
};
KVT_RECORD(final_questions, sequences, length, lengths, prompts, seed);

/// What the exported folder says besides weights and shape. With a tokenizer the folder can be used by the engine.
enum class weight_type : std::uint8_t { f32, f16 };
KVT_CHOICE(weight_type, "f32", "f16");
struct exported_model {
    weight_type type = weight_type::f16;
    std::string tokenizer{};  ///< a tokenizer.json to be copied
    std::int64_t max_position_embeddings = 2048;
    std::vector<std::string> stop_after{};  ///< for generation.json
};
KVT_RECORD(exported_model, type, tokenizer, max_position_embeddings, stop_after);

/// A training run. Two runs of equal jobs end in equal files, whatever their threads and however often they were
/// interrupted, on one kind of processor. `output`, `checkpoint_every`, `questions`, `exported` and what is logged may
/// change in between.
struct decoder_job {
    std::int64_t seed = 1;                    ///< of the initial weights; data have seeds of their own
    std::string output = "runs/train/model";  ///< folder of checkpoint, log and model
    decoder_shape model{};
    start_weights start{};
    json data{json::object{}};  ///< `source` names one of `token_sources`; the rest are its parameters
    adamw optimizer{};
    parameter_rates rates{};
    step_schedule schedule{};
    double max_grad_norm = 1;
    std::vector<training_stage> stages{};
    std::int64_t accuracy_window = 50;
    std::int64_t checkpoint_every = 50;  ///< steps
    final_questions questions{};
    exported_model exported{};
    std::string log{};           ///< a CSV file; empty: train_log.csv in `output`
    std::int64_t log_every = 1;  ///< steps
    std::int64_t evaluate_every =
        0;  ///< steps between looks at the held-out `questions.sequences`; 0: at the end alone

    /// Throws `error{usage}` naming the first field that is out of range.
    void check() const;
};
KVT_RECORD(decoder_job, seed, output, model, start, data, optimizer, rates, schedule, max_grad_norm, stages,
           accuracy_window, checkpoint_every, questions, exported, log, log_every, evaluate_every);

/// A job from a YAML file with `KEY=VALUE` overrides laid over it. Throws `error` naming file and key; the result is
/// checked.
[[nodiscard]] decoder_job load_decoder_job(std::string const& path, std::span<std::string const> overrides = {});

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/decoder_job.ipp>
#endif
