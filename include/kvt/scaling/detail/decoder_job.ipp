#pragma once

#include <kvt/config/merge.hpp>
#include <kvt/config/overrides.hpp>
#include <kvt/config/yaml.hpp>
#include <kvt/scaling/decoder_job.hpp>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

inline void check_stage(training_stage const& s, std::string const& where, std::int64_t longest) {
    auto const whole = [&](char const* field, std::int64_t value, std::int64_t low, std::int64_t high) {
        if (value < low || value > high)
            throw error{error_kind::usage, where + "." + field, std::to_string(value),
                        std::to_string(low) + " to " + std::to_string(high)};
    };
    whole("length", s.length, 2, longest);
    whole("sequences", s.sequences, 1, 1 << 20);
    whole("accumulation", s.accumulation, 1, 1 << 20);
    whole("steps", s.steps, 0, std::int64_t{1} << 40);
    whole("min_steps", s.min_steps, 0, std::int64_t{1} << 40);
    if (!(s.until_accuracy >= 0 && s.until_accuracy <= 1))
        throw error{error_kind::usage, where + ".until_accuracy", shortest(s.until_accuracy), "0..1"};
}

}  // namespace detail

KVT_DECL void decoder_job::check() const {
    auto const refuse = [](std::string field, std::string problem, std::string expected) {
        throw error{error_kind::usage, std::move(field), std::move(problem), std::move(expected)};
    };
    scaling::check(model);
    optimizer.check(), rates.check(), schedule.check(), start.structured.check();
    bool const unit = model.scaling.rule == factor_rule::unit;
    if (unit != (start.rule == start_rule::umup_full))
        refuse("model.scaling.rule", std::string{name_of(model.scaling.rule)},
               unit ? "none, or start.rule u-mup-full" : "unit, as start.rule u-mup-full needs");
    if (unit != (rates.rule == rate_rule::umup_full))
        refuse("rates.rule", std::string{name_of(rates.rule)}, unit ? "u-mup-full, as the model" : "u-mup or uniform");
    if (unit && model.naming == parameter_naming::llama)
        refuse("model.naming", "llama", "gpt: the engine's own model has no factors");
    if (output.empty()) refuse("output", "is empty", "a folder");
    if (!(start.base_std > 0)) refuse("start.base_std", shortest(start.base_std), "above 0");
    if (!(max_grad_norm > 0)) refuse("max_grad_norm", shortest(max_grad_norm), "above 0");
    if (stages.empty()) refuse("stages", "is empty", "at least one stage");
    constexpr std::int64_t longest = 1 << 20;
    for (std::size_t i = 0; i < stages.size(); ++i) {
        auto const where = "stages[" + std::to_string(i) + "]";
        detail::check_stage(stages[i], where, longest);
        if (i + 1 < stages.size() && stages[i].steps == 0 && stages[i].until_accuracy == 0)
            refuse(where, "has no end", "steps or until_accuracy");
    }
    if (accuracy_window < 1) refuse("accuracy_window", std::to_string(accuracy_window), "1 or more");
    if (checkpoint_every < 1) refuse("checkpoint_every", std::to_string(checkpoint_every), "1 or more");
    if (log_every < 1) refuse("log_every", std::to_string(log_every), "1 or more");
    if (evaluate_every < 0) refuse("evaluate_every", std::to_string(evaluate_every), "0 or more");
    if (questions.sequences < 0) refuse("questions.sequences", std::to_string(questions.sequences), "0 or more");
    if (questions.length < 0 || questions.length == 1 || questions.length > longest)
        refuse("questions.length", std::to_string(questions.length), "0, or 2 to " + std::to_string(longest));
    if (auto const* source = data.find("source");
        !questions.lengths.empty() && source != nullptr && source->is_text() && source->text() != "recall")
        refuse("questions.lengths", "of data from " + source->text(), "none: only the recall task has prompts");
    if (questions.prompts < 1) refuse("questions.prompts", std::to_string(questions.prompts), "1 or more");
    if (exported.max_position_embeddings < 1)
        refuse("exported.max_position_embeddings", std::to_string(exported.max_position_embeddings), "1 or more");
}

KVT_DECL decoder_job load_decoder_job(std::string const& path, std::span<std::string const> overrides) {
    auto document = config::read_yaml_file(path).value;
    if (document.is_null()) document = json{json::object{}};
    if (!document.is_object())
        throw error{error_kind::malformed, path, "is a " + std::string{document.type_name()}, "a mapping"};
    config::merge(document, config::parse_overrides(overrides));
    auto job = from_json<decoder_job>(document, path);
    job.check();
    return job;
}

}  // namespace kvt::inline KVT_ABI::scaling
