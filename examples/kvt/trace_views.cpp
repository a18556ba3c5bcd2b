// trace expose, trace plot: what an estimate is made of, as numbers and as pictures.
#include "commands.hpp"
#include "trace_files.hpp"

#include <kvt/core/context.hpp>
#include <kvt/core/csv.hpp>
#include <kvt/core/json.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/report/plot.hpp>
#include <kvt/trace/charts.hpp>
#include <kvt/trace/read.hpp>

#include <fmt/core.h>

#include <cstdio>
#include <filesystem>

namespace cli {

namespace trace = kvt::trace;

namespace {

/// One phase with what it met.
struct exposure_row {
    std::string request_id{};
    trace::phase_kind phase_type{};
    double t_start = 0, t_end = 0, steps = 0, duration_seconds = 0;
    double A_pf_tokens = 0, A_dec_tokens = 0;                    ///< by overlap, as the baseline sees them
    double reweighted_pf_tokens = 0, reweighted_dec_tokens = 0;  ///< as the iterative estimate ends with them
    double baseline_seconds = 0, iterative_seconds = 0;          ///< the duration as each predicts it
};
KVT_RECORD(exposure_row, request_id, phase_type, t_start, t_end, steps, duration_seconds, A_pf_tokens, A_dec_tokens,
           reweighted_pf_tokens, reweighted_dec_tokens, baseline_seconds, iterative_seconds);

/// A file's exposures and both estimates.
struct estimated {
    trace::baseline simple;
    trace::iterative method;
    trace::exposure exposed;
    trace::baseline_estimate baseline;
    trace::iterative_estimate iterative;
    trace::reweighting features;
};

estimated estimated_of(options const& o) {
    auto const& t = o.trace;
    trace::baseline const simple{trace::correction_named(t.correction)};
    auto const method = iterative_of(t);
    trace::step_rule const rule{.chunk_size = t.chunk_size.value_or(64), .min_duration_sec = t.min_duration_sec};
    kvt::run_context context;
    if (o.quiet) context.progress = kvt::progress_meter{kvt::progress_style::silent};
    trace::check const check{rule, simple, method};
    auto exposed = trace::expose{}(context, phases_of(context, t.file, check));
    auto const a = simple(exposed);
    auto b = method(exposed);
    auto features = trace::settled_features(exposed, b.beta, method.prefill_correction);
    return {simple, method, std::move(exposed), a, std::move(b), std::move(features)};
}

}  // namespace

namespace {

/// Where exposures go, piece by piece: standard output, or a file that has its name once it is whole.
class exposure_file {
  public:
    explicit exposure_file(std::string path) : path_{std::move(path)} {
        if (path_.empty()) return;
        std::error_code unknown;  // a device or a pipe is written to; only files are made anew
        whole_ = !std::filesystem::exists(path_, unknown) || std::filesystem::is_regular_file(path_, unknown);
        file_ = std::fopen((whole_ ? path_ + ".part" : path_).c_str(), "wb");
        if (file_ == nullptr) refuse();
    }
    exposure_file(exposure_file const&) = delete;
    exposure_file& operator=(exposure_file const&) = delete;
    ~exposure_file() {
        if (file_ == stdout) return;
        std::fclose(file_);
        if (whole_) std::remove((path_ + ".part").c_str());
    }
    void write(std::string const& text) {
        if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) refuse();
    }
    void finish() {
        if (std::fflush(file_) != 0) refuse();
        if (file_ == stdout) return;
        if (whole_ && std::rename((path_ + ".part").c_str(), path_.c_str()) != 0) refuse();
        fmt::print(stderr, "wrote {}\n", path_);
    }

  private:
    [[noreturn]] void refuse() const {
        throw kvt::error{kvt::error_kind::io, path_.empty() ? "standard output" : path_, "cannot be written"};
    }
    std::string path_;
    std::FILE* file_ = stdout;
    bool whole_ = true;
};

}  // namespace

int trace_expose(options const& o) {
    refuse_same({{"the trace", o.trace.file}, {"--output", o.trace.output}});
    auto const e = estimated_of(o);
    auto const& rows = e.exposed.rows;
    auto const prefill = trace::prefill_exposure(e.exposed, e.simple.correction);
    auto const cost = [&](trace::coefficients const& b, std::size_t i, double p, double d) {
        return b.seconds(rows.steps[i], p, d);
    };
    auto text = kvt::csv_header<exposure_row>();
    exposure_file out{o.trace.output};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        exposure_row const row{std::string{rows.request_id[i]},
                               rows.kind[i],
                               rows.t_start[i],
                               rows.t_end[i],
                               rows.steps[i],
                               rows.duration[i],
                               prefill[i],
                               e.exposed.decode[i],
                               e.features.prefill[i],
                               e.features.decode[i],
                               cost(e.baseline.beta, i, prefill[i], e.exposed.decode[i]),
                               cost(e.iterative.beta, i, e.features.prefill[i], e.features.decode[i])};
        kvt::append_csv(text, row);
        if (text.size() > (1 << 16)) out.write(text), text.clear();
    }
    out.write(text);
    out.finish();
    return 0;
}

int trace_plot(options const& o) {
    auto const e = estimated_of(o);
    std::string const folder = o.trace.output.empty() ? "." : o.trace.output;
    auto const write = [&](kvt::report::chart const& chart, std::string const& stem) {
        if (!kvt::report::has_data(chart)) return void(fmt::print(stderr, "nothing to draw: {}\n", stem));
        (void)kvt::report::write_plot(chart, folder, stem);
        fmt::print("wrote {0}/{1}.png\nwrote {0}/{1}.svg\n", folder, stem);
    };
    write(trace::pressure_chart(e.exposed), "pressure");
    write(trace::fit_chart(e.exposed, e.iterative.beta, e.features), "durations");
    write(trace::history_chart(e.iterative), "betas");
    return 0;
}

}  // namespace cli
