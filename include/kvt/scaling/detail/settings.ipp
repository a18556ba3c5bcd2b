#pragma once

#include <kvt/core/json_path.hpp>
#include <kvt/core/lenient_number.hpp>
#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/settings.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL planner planner_settings::grid_planner() const {
    return {.min_flops = compute.min_flops,
            .max_flops = compute.max_flops,
            .num_compute_budgets = compute.num_budgets,
            .num_model_sizes = compute.num_model_sizes,
            .min_model_size = model.min_size,
            .max_model_size = model.max_size,
            .grid = grid};
}

KVT_DECL training_mode trainer_settings::checked_mode() const {
    if (auto const found = choice_of<training_mode>(mode)) return *found;
    throw scaling_error{fault::invalid_option, "mode", "there is no \"" + mode + "\"", "mock or local"};
}

KVT_DECL void trainer_settings::check() const {
    (void)checked_mode();
    auto const require = [](bool holds, char const* key, json const& is, char const* expected) {
        if (!holds) throw scaling_error{fault::invalid_option, key, "is " + dump(is), expected};
    };
    require(hardware.device == "cpu", "hardware.device", hardware.device, "cpu");
    require(hardware.dtype == "float32", "hardware.dtype", hardware.dtype, "float32");
    require(hardware.num_threads >= 0 && hardware.num_threads <= 1024, "hardware.num_threads", hardware.num_threads,
            "0 to 1024");
    require(trainer.scheduler == "cosine" || trainer.scheduler == "constant", "trainer.scheduler", trainer.scheduler,
            "cosine or constant");
    require(trainer.optimizer == "adamw", "trainer.optimizer", trainer.optimizer, "adamw");
    require(trainer.seed >= 0 && trainer.seed <= 4'294'967'295, "trainer.seed", trainer.seed, "0 to 2^32 - 1");
    require(trainer.batch_size >= 1, "trainer.batch_size", trainer.batch_size, "1 or more");
    require(trainer.accumulation_steps >= 1, "trainer.accumulation_steps", trainer.accumulation_steps, "1 or more");
    require(dataset.seq_len >= 2, "dataset.seq_len", dataset.seq_len, "2 or more");
    require(trainer.log_every >= 1, "trainer.log_every", trainer.log_every, "1 or more");
    require(trainer.eval_every >= 1, "trainer.eval_every", trainer.eval_every, "1 or more");
    require(trainer.checkpoint_every >= 1, "trainer.checkpoint_every", trainer.checkpoint_every, "1 or more");
    require(model.pos_encoding == "rotary", "model.pos_encoding", model.pos_encoding, "rotary");
    require(!umup.full || umup.enabled, "umup.full", umup.full, "false with umup.enabled=false");
    require(dataset.validation_sequences >= 0, "dataset.validation_sequences", dataset.validation_sequences,
            "0 or more");
    require(dataset.parameters.is_object(), "dataset.parameters", dataset.parameters, "a mapping");
    if (auto const* twice = dataset.parameters.find("source"))
        require(false, "dataset.parameters.source", *twice, "dataset.name instead");
}

namespace detail {

KVT_DECL void refuse_idle_keys(json const& document, std::string_view where) {
    static constexpr std::pair<std::string_view, std::string_view> idle[] = {
        {"dataset.cache_dir", "nothing is downloaded, so nothing is kept"},
        {"hardware.num_workers", "batches are made by the threads that train on them"},
        {"hardware.pin_memory", "there is no device to copy batches to"},
        {"model.d_model", "the planned size decides it"},
        {"model.num_heads", "the planned size decides it"}};
    for (auto const& [key, why] : idle)
        for (auto const* section : {"", "train."})
            if (auto const full = section + std::string{key}; value_at(document, full) != nullptr)
                throw scaling_error{fault::invalid_option, full, "would change nothing: " + std::string{why},
                                    "no such key in " + std::string{where}};
}

/// Digits with underscores between them, without these; empty where it is no such number.
inline json underscored(std::string const& text) {
    if (text.find('_') == text.npos) return nullptr;
    std::string bare;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const digit = [&](std::size_t at) {
            return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0;
        };
        if (text[i] != '_') bare += text[i];
        else if (i == 0 || !digit(i - 1) || !digit(i + 1)) return nullptr;
    }
    if (auto const whole = lenient_integer(json{bare})) return *whole;
    auto const number = lenient_real(json{bare});
    return number ? json{*number} : json{};
}

KVT_DECL void spell_numbers(field_type const& type, json& value) {
    switch (type.kind) {
        case field_kind::record:
            if (!value.is_object()) return;
            for (auto& [key, item] : value.members()) {
                auto const found = std::ranges::find(type.fields, key, &field::name);
                if (found != type.fields.end()) spell_numbers(*found->type, item);
            }
            return;
        case field_kind::optional:
            if (!value.is_null()) spell_numbers(*type.element, value);
            return;
        case field_kind::integer:
        case field_kind::real:
            if (value.is_text())
                if (auto number = underscored(value.text()); number.is_number()) value = std::move(number);
            if (type.kind == field_kind::integer && value.is_real()) {
                double const v = value.real();
                if (std::abs(v) < 9e18 && v == std::trunc(v)) value = static_cast<std::int64_t>(v);
            }
            return;
        default: return;
    }
}

}  // namespace detail

}  // namespace kvt::inline KVT_ABI::scaling
