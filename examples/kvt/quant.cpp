// quant baseline: how smooth a model's quantization parameters are, and what to do next.
#include "commands.hpp"
#include "files.hpp"
#include "quant_policies.hpp"
#include "stop.hpp"

#include <kvt/core/context.hpp>
#include <kvt/core/format_number.hpp>
#include <kvt/core/json.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/quant/configured.hpp>
#include <kvt/quant/judge_activations.hpp>
#include <kvt/quant/optimize.hpp>
#include <kvt/quant/quality.hpp>
#include <kvt/quant/quantizers.hpp>
#include <kvt/quant/range_policies.hpp>
#include <kvt/quant/report.hpp>
#include <kvt/quant/save_packed.hpp>
#include <kvt/quant/smooth.hpp>
#include <kvt/quant/suggest_widths.hpp>
#include <kvt/report/plot.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

namespace cli {

namespace quant = kvt::quant;

namespace {

std::string configuration_line(quant_options const& q) {
    return fmt::format(
        "configuration: model {}, output {}, bit_width {}, num_time_groups {}, group_size {}, preset {}, "
        "scheme {}, "
        "smoothness_threshold {}, smooth {}, window {}, guard {}, optimize {}, optimizer {}, lambda {}, max_sweeps {}, fallback {}, "
        "calibration {}, report {}, html_report {}",
        q.model, q.output, q.bit_width, q.num_time_groups, q.group_size ? std::to_string(*q.group_size) : "none",
        q.preset.empty() ? "none" : q.preset, q.quantizer, q.smoothness_threshold, q.smooth.empty() ? "none" : q.smooth,
        q.window, q.guard, q.optimize, q.optimizer, q.lambda, q.max_sweeps, q.fallback,
        q.calibration.empty() ? "none" : q.calibration, q.report, q.html_report.empty() ? "none" : q.html_report);
}

/// Refuses outputs that would replace an input or each other, before any of them is opened.
void check_files(quant_options const& q) {
    if (q.output.empty())
        throw kvt::error{kvt::error_kind::usage, "--output", "empty",
                         "a folder for the quantized model and the pictures"};
    std::vector<named_path> const outputs{{"--report", q.report},
                                          {"--html-report", q.html_report},
                                          {"--log", q.log},
                                          {"the quantized model in --output", q.output + "/model.safetensors"}};
    auto files = outputs;
    files.insert(files.begin(), {{"the model", q.model}, {"--calibration", q.calibration}});
    refuse_same(files);
    bool const folder = std::filesystem::is_directory(q.model);
    if (folder || q.model.ends_with(".json"))
        refuse_inside(folder ? q.model : (std::filesystem::absolute(q.model).parent_path()).string(), "the model",
                      outputs);
    for (auto const& file : outputs)
        if (!file.path.empty()) require_writable(file);
    if (!q.html_report.empty()) kvt::report::require_gnuplot();
}

/// One run of the tool: its files, its log and what it has to say.
class baseline_run {
  public:
    baseline_run(quant_options const& q, kvt::run_context& context)
        : q_{q}, context_{context}, log_{q.log, q.verbose ? kvt::log_level::debug : kvt::log_level::info} {}

    quant::reported operator()() {
        say(kvt::log_level::info, configuration_line(q_));
        try {
            check();
            return narrow_enough(width(), q_.min_accuracy.value_or(quant::acceptance_threshold(width())));
        } catch (kvt::error const& e) {
            say(kvt::log_level::error, e.what());
            throw;
        }
    }

  private:
    [[nodiscard]] std::int32_t width() const { return static_cast<std::int32_t>(q_.bit_width); }
    void say(kvt::log_level level, std::string_view text) { log_.write(level, text, context_.utc_now()); }

    void check() const {
        settings_of(q_).check();
        (void)smoothing_of(q_);
        (void)descent_of(q_, q_.lambda);
        quant::range_policies::visit(q_.optimizer, {}, "--optimizer", [](auto const&) {});
        quant::quantizers::visit(q_.quantizer, {}, "--quantizer", [](auto const&) {});
        if (!q_.calibration.empty() && (!q_.smooth.empty() || q_.optimize))
            throw kvt::error{
                kvt::error_kind::usage, "--calibration",
                "the score of activations does not change when the ranges of weights are smoothed or optimized",
                "--calibration without --smooth and --optimize"};
        if (q_.quantizer != quant::symmetric::name || (q_.smooth.empty() && !q_.optimize)) return;
        std::string const flag = q_.smooth.empty() ? "--optimize" : "--smooth";
        throw kvt::error{kvt::error_kind::usage, "--symmetric with " + flag,
                         flag + " moves both ends of a group's range, and codes around zero (--symmetric) follow its "
                                "larger end alone",
                         flag + " without --symmetric, or --symmetric alone"};
    }

    /// The first width, from this one up the ladder, whose cosine will do; without --fallback this one.
    quant::reported narrow_enough(std::int32_t bits, double wanted) {
        auto const next = q_.fallback ? quant::next_fallback(bits) : std::nullopt;
        auto const how = kvt::json::of({{"bits", bits}});
        return quant::quantizers::visit(q_.quantizer, how, "--quantizer", [&](auto const codes) {
            auto model = measured(codes);
            if constexpr (std::same_as<decltype(model), quant::validated_model<quant::asymmetric>>)
                model = refined(std::move(model));
            return next && poor(model, wanted) ? narrow_enough(next->bits, next->threshold)
                                               : finish(std::move(model), wanted);
        });
    }

    /// Phases 2 and 3, where they are asked for.
    quant::validated_model<quant::asymmetric> refined(quant::validated_model<quant::asymmetric> model) {
        if (!q_.smooth.empty()) model = quant::smooth{smoothing_of(q_)}(context_, std::move(model));
        if (!q_.optimize) return model;
        return quant::range_policies::visit(
            q_.optimizer, optimizer_parameters(q_), "--optimizer",
            [&](auto const& policy) { return quant::optimize{policy}(context_, std::move(model)); });
    }

    template <quant::quantizer Q> quant::validated_model<Q> measured(Q codes) {
        auto cut = quant::grouping_of(settings_of(q_));
        cut.group_size = q_.group_size;
        return kvt::pipeline{
            quant::load_model{q_.model},
            quant::quantize{codes, cut},
            quant::validate{q_.smoothness_threshold},
        }(context_);
    }

    template <quant::quantizer Q> bool poor(quant::validated_model<Q> const& model, double wanted) {
        auto const cosine = model.phases.back().cosine_similarity;
        if (cosine >= wanted) return false;
        warnings_.push_back(fmt::format("INT{} reached a cosine of {} where {} was wanted, so the next width was taken",
                                        model.model.codes.bits, kvt::fixed(cosine, 4), kvt::fixed(wanted, 2)));
        return true;
    }

    template <quant::quantizer Q> quant::reported finish(quant::validated_model<Q> model, double wanted) {
        if (q_.fallback || q_.min_accuracy) model.required_cosine = wanted;
        model.warnings = warnings_;
        if (!q_.calibration.empty()) model = quant::judge_activations{q_.calibration}(context_, std::move(model));
        if (q_.suggest_widths) model = quant::suggest_widths{}(context_, std::move(model));
        if (q_.verbose)
            for (auto const& l : model.model.layers) say(kvt::log_level::debug, kvt::dump(kvt::to_json(l)));
        model = quant::save_packed{q_.output + "/model.safetensors"}(context_, std::move(model));
        auto out = quant::report{q_.report, q_.html_report, q_.output + "/plots", log_}(context_, model);
        context_.wrote(log_.path());
        return out;
    }

    quant_options const& q_;
    kvt::run_context& context_;
    kvt::run_log log_;
    std::vector<std::string> warnings_;
};

void print_suggestions(quant::baseline_metrics const& m) {
    for (std::int32_t const bits : {2, 4, 8})
        if (auto const n = std::ranges::count(m.layers, bits, &quant::layer_report::suggested_bit_width); n > 0)
            fmt::print("entropy suggests INT{} for {} of {} tensors\n", bits, n, m.layers.size());
}

void print(quant::baseline_metrics const& m, std::vector<std::string> const& files) {
    fmt::print("{}: INT{}, {} time groups, {} tensors\n", m.model_name, m.bit_width, m.num_time_groups,
               m.layers.size());
    fmt::print("smoothness {} (bounded {}), {} of {} boundaries violate\n", kvt::fixed(m.smoothness_score, 4),
               kvt::fixed(m.smoothness_score_bounded, 4), m.violation_count, m.boundary_scores.size());
    for (auto const& line : m.common_violation_patterns) fmt::print("  {}\n", line);
    fmt::print("cosine {} ({} at this width), SQNR {} dB, {}x smaller, {} MB\n", kvt::fixed(m.cosine_similarity, 4),
               m.cosine_passed ? "enough" : "not enough", kvt::fixed(m.sqnr_db, 2), kvt::fixed(m.compression_ratio, 2),
               kvt::fixed(m.model_size_mb, 1));
    print_suggestions(m);
    if (m.phases.size() > 1) {
        fmt::print("\n");
        for (auto const& p : m.phases)
            fmt::print("  {}: smoothness {}, bounded {}, {} violations, cosine {}\n", p.phase,
                       kvt::fixed(p.smoothness_score, 4), kvt::fixed(p.smoothness_score_bounded, 4), p.violation_count,
                       kvt::fixed(p.cosine_similarity, 4));
    }
    for (auto const& w : m.warnings) fmt::print("note: {}\n", w);
    for (auto const& s : m.skipped_tensors) fmt::print("skipped {}: {}\n", s.name, s.reason);
    if (m.boundary_scores.empty()) fmt::print("\nno boundary to judge\n");
    else fmt::print("\n{}: {}\n", kvt::name_of(m.interpretation.band), quant::next_step(m));
    for (auto const& path : files) fmt::print("wrote {}\n", path);
}

}  // namespace

int quant_baseline(options const& o) {
    kvt::run_context context{kvt::exec::thread_executor{o.threads}};
    stop_on_signals(context);
    if (o.quiet) context.progress = kvt::progress_meter{kvt::progress_style::silent};
    check_files(o.quant);
    auto const done = baseline_run{o.quant, context}();
    if (o.json) fmt::print("{}\n", kvt::dump(quant::to_valid_json(done.metrics), kvt::json_style::pretty));
    else print(done.metrics, context.written());
    return 0;
}

}  // namespace cli
