// settings: the four commands' configuration files, as records.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/scaling/planner.hpp>

#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::scaling {

/// `kvt scaling plan` (scaling-laws 1.1).
struct planner_settings {
    struct budgets {
        double min_flops = 1e12, max_flops = 3e14;
        std::int64_t num_budgets = 6, num_model_sizes = 8;
    };
    struct sizes {
        std::int64_t min_size = 500'000, max_size = 50'000'000;
    };
    struct files {
        std::string sweep_path = "outputs/sweep.json";
    };
    budgets compute{};
    sizes model{};
    files output{};
    learning_rate_rule lr_schedule{};
    grid_rounding grid = grid_rounding::exact;

    [[nodiscard]] planner grid_planner() const;
};
KVT_RECORD(planner_settings::budgets, min_flops, max_flops, num_budgets, num_model_sizes);
KVT_RECORD(planner_settings::sizes, min_size, max_size);
KVT_RECORD(planner_settings::files, sweep_path);
KVT_RECORD(planner_settings, compute, model, output, lr_schedule, grid);

enum class training_mode : std::uint8_t { mock, local };
KVT_CHOICE(training_mode, "mock", "local");

/// `kvt scaling train` (scaling-laws 2.6, 9). `mock` reads mode, paths.sweep, paths.output, resume and trainer.seed; the
/// rest is of `local`.
struct trainer_settings {
    struct files {
        std::string sweep = "outputs/sweep.json", output = "outputs", checkpoints = "outputs/checkpoints",
                    logs = "outputs/logs";
    };
    struct data {
        std::string name{};       ///< one of `token_sources`; `local` needs one
        std::string tokenizer{};  ///< of the source, where it takes one
        std::int64_t seq_len = 256;
        json parameters{json::object{}};        ///< of the source
        std::int64_t validation_sequences = 0;  ///< held out, behind the final loss; 0: the last tenth of the steps
    };
    struct machine {
        std::string device = "cpu", dtype = "float32";
        std::int64_t num_threads = 6;  ///< at most; 0: one for each core
    };
    struct loop {
        std::int64_t batch_size = 64, accumulation_steps = 1;
        double learning_rate = 3e-4;
        std::string scheduler = "cosine", optimizer = "adamw";
        double warmup_ratio = 0.1, min_lr_ratio = 0, weight_decay = 0.1, max_grad_norm = 1;
        double adam_beta1 = 0.9, adam_beta2 = 0.95, adam_eps = 1e-8;
        std::int64_t seed = 42, log_every = 100, eval_every = 500, checkpoint_every = 200;
    };
    struct shape {
        std::int64_t vocab_size = 50'257, num_layers = 6, ffn_ratio = 4;
        std::int64_t width_multiple = 64;  ///< d_model is one of these
        double dropout = 0;
        std::string pos_encoding = "rotary";
    };
    struct parametrization {
        bool enabled = true;  ///< false: standard parametrization
        bool full = false;    ///< the published unit-scaled recipe
        double base_std = 0.02;
        std::int64_t base_width = 32, base_width_wd = 1024;
        double no_decay_lr_mult = 0.1;
    };
    std::string mode = "mock";
    bool resume = true;
    files paths{};
    data dataset{};
    machine hardware{};
    loop trainer{};
    shape model{};
    parametrization umup{};

    /// Throws `scaling_error{invalid_option}` for a mode that does not exist.
    [[nodiscard]] training_mode checked_mode() const;
    /// Throws `scaling_error{invalid_option}` naming the key whose value is out of range, or of which there is one value
    /// alone.
    void check() const;
};
KVT_RECORD(trainer_settings::files, sweep, output, checkpoints, logs);
KVT_RECORD(trainer_settings::data, name, tokenizer, seq_len, parameters, validation_sequences);
KVT_RECORD(trainer_settings::machine, device, dtype, num_threads);
KVT_RECORD(trainer_settings::loop, batch_size, accumulation_steps, learning_rate, scheduler, optimizer, warmup_ratio,
           min_lr_ratio, weight_decay, max_grad_norm, adam_beta1, adam_beta2, adam_eps, seed, log_every, eval_every,
           checkpoint_every);
KVT_RECORD(trainer_settings::shape, vocab_size, num_layers, ffn_ratio, width_multiple, dropout, pos_encoding);
KVT_RECORD(trainer_settings::parametrization, enabled, full, base_std, base_width, base_width_wd, no_decay_lr_mult);
KVT_RECORD(trainer_settings, mode, resume, paths, dataset, hardware, trainer, model, umup);

namespace detail {
void spell_numbers(field_type const& type, json& value);
/// Refuses keys that other pipelines have and that would change nothing here, saying why.
void refuse_idle_keys(json const& document, std::string_view where);
}  // namespace detail

/// Settings from a configuration document (null: none), such as YAML with overrides laid over it. Numbers may be written as
/// 1e12, 3.0e-4 or 500_000; a whole number may be 1e7. Throws `error` naming the key that is unknown or whose value is of
/// another type.
template <record R> [[nodiscard]] R settings_of(json document, std::string_view where = "settings") {
    if (document.is_null()) document = json::object{};
    detail::refuse_idle_keys(document, where);
    detail::spell_numbers(type_of<R>(), document);
    return from_json<R>(document, where);
}

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/settings.ipp>
#endif
