#pragma once

#include <kvt/core/text_file.hpp>
#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/train.hpp>

#include <cmath>
#include <map>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

/// Results as they grow: a place for each experiment of the sweep, and rows of others behind them.
class growing_results {
  public:
    growing_results(planned const& plan, training_files const& files)
        : plan_{plan}, runs_(plan.sweep.size()),
          rows_(plan.sweep.size()), path_{files.folder.empty() ? "" : files.folder + "/results.json"} {}

    [[nodiscard]] std::string const& path() const { return path_; }
    [[nodiscard]] bool has(std::size_t place) const { return runs_[place].has_value(); }

    /// Takes over what is completed and as planned now; answers how many. Rows of other experiments stay behind them.
    std::size_t keep(results const& old) {
        std::map<std::string, std::size_t, std::less<>> places;
        for (std::size_t i = 0; i < plan_.sweep.size(); ++i) places.emplace(plan_.sweep[i].experiment_id, i);
        std::size_t kept = 0;
        for (std::size_t r = 0; r < old.runs.size(); ++r) {
            auto const& run = old.runs[r];
            auto const found = places.find(run.experiment_id);
            if (found == places.end()) {
                foreign_runs_.push_back(run), foreign_rows_.push_back(old.rows[r]);
                continue;
            }
            auto const& e = plan_.sweep[found->second];
            bool const same = run.model_size == e.model_size && run.num_tokens == e.num_tokens &&
                              run.compute_budget == e.compute_budget;
            if (!same || run.status != run_status::completed || !run.final_loss) continue;
            kept += has(found->second) ? 0 : 1;
            runs_[found->second] = run, rows_[found->second] = old.rows[r];
        }
        return kept;
    }
    void set(std::size_t place, training_run run) {
        rows_[place] = run_json(run);
        runs_[place] = std::move(run);
    }
    void write() const {
        if (path_.empty()) return;
        std::vector<json> rows;
        for (std::size_t i = 0; i < rows_.size(); ++i)
            if (runs_[i]) rows.push_back(rows_[i]);
        rows.insert(rows.end(), foreign_rows_.begin(), foreign_rows_.end());
        write_results(path_, rows);
    }
    [[nodiscard]] std::vector<training_run> all() const {
        std::vector<training_run> out;
        for (auto const& run : runs_)
            if (run) out.push_back(*run);
        out.insert(out.end(), foreign_runs_.begin(), foreign_runs_.end());
        return out;
    }
    [[nodiscard]] std::size_t count(run_status status) const {
        std::size_t out = 0;
        for (auto const& run : runs_) out += run && run->status == status ? 1 : 0;
        return out;
    }

  private:
    planned const& plan_;
    std::vector<std::optional<training_run>> runs_;
    std::vector<json> rows_;
    std::vector<training_run> foreign_runs_{};
    std::vector<json> foreign_rows_{};
    std::string path_;
};

/// The first key at which two configurations differ.
inline std::string first_difference(json const& a, json const& b, std::string const& at = "") {
    if (!a.is_object() || !b.is_object()) return a == b ? "" : at + " was " + dump(a) + ", is " + dump(b);
    for (auto const& [key, value] : a.members()) {
        auto const* other = b.find(key);
        auto const here = at.empty() ? key : at + "." + key;
        if (other == nullptr) return here + " was " + dump(value) + ", is not there";
        if (auto found = first_difference(value, *other, here); !found.empty()) return found;
    }
    for (auto const& [key, value] : b.members())
        if (a.find(key) == nullptr) return (at.empty() ? key : at + "." + key) + " was not there, is " + dump(value);
    return {};
}

KVT_DECL void note_configuration(std::string const& folder, std::string const& name, json const& made_by,
                                 earlier_results earlier) {
    auto const path = folder + "/" + name;
    if (earlier == earlier_results::keep && file_exists(path)) {
        auto const difference = first_difference(read_json_file(path), made_by);
        if (!difference.empty())
            throw scaling_error{fault::other_configuration, folder,
                                "holds runs of another configuration: " + difference,
                                "the same configuration, another folder, or resume=false to discard them"};
    }
    write_file(path, dump(made_by, json_style::pretty) + "\n");
}

/// Why an experiment cannot be trained; empty where it can.
inline std::string obstacle(experiment const& e) {
    if (e.model_size <= 0) return "model_size is " + std::to_string(e.model_size) + ", has to be above 0";
    if (e.num_tokens <= 0) return "num_tokens is " + std::to_string(e.num_tokens) + ", has to be above 0";
    if (!(e.compute_budget > 0) || !std::isfinite(e.compute_budget))
        return "compute_budget is " + shortest(e.compute_budget) + ", has to be finite and above 0";
    return {};
}

/// One experiment's run; empty where it was stopped before its end.
inline std::optional<training_run> run_experiment(run_context& context, experiment const& e, std::size_t place,
                                                  train_one run) {
    training_run out{.experiment_id = e.experiment_id,
                     .compute_budget = e.compute_budget,
                     .model_size = e.model_size,
                     .num_tokens = e.num_tokens,
                     .status = run_status::failed,
                     .position = static_cast<std::int64_t>(place)};
    auto why = obstacle(e);
    if (why.empty()) {
        try {
            auto const made = run(e, place);
            if (!made) return std::nullopt;
            out.actual_params = made->actual_params, out.tokens_trained = made->tokens_trained;
            out.epochs = made->epochs;
            if (!std::isfinite(made->final_loss)) {
                why = "the loss is " + shortest(made->final_loss);
            } else {
                out.final_loss = made->final_loss, out.actual_flops = made->actual_flops;
                out.wall_time_seconds = made->wall_time_seconds, out.status = run_status::completed;
            }
        } catch (std::exception const& problem) {
            why = problem.what();
        }
    }
    if (!why.empty()) out.error_message = why;
    out.timestamp = context.utc_now();
    return out;
}

KVT_DECL trained train_sweep(run_context& context, planned const& plan, training_files const& files,
                             json const& trainer, train_one run, sweep_progress progress) {
    growing_results grown{plan, files};
    trained out{.runs = {}, .path = grown.path()};
    bool const keeping = files.earlier == earlier_results::keep && !out.path.empty() && file_exists(out.path);
    if (!files.folder.empty())
        note_configuration(files.folder, "results.config.json", trainer,
                           keeping ? earlier_results::keep : earlier_results::discard);
    if (keeping) {
        auto old = read_results(out.path);
        out.kept = grown.keep(old);
        for (auto& warning : old.warnings) {
            context.progress.say("WARN: " + warning);
            out.warnings.push_back(std::move(warning));
        }
    }
    grown.write();
    double written = context.seconds();
    progress_meter const silent{progress_style::silent};
    auto task =
        (progress == sweep_progress::by_stage ? context.progress : silent).begin("train", plan.sweep.size(), "runs");
    task.advance(out.kept);
    for (std::size_t place = 0; place < plan.sweep.size(); ++place) {
        if (grown.has(place)) continue;
        out.stopped = context.stop_requested();
        auto finished = out.stopped ? std::nullopt : run_experiment(context, plan.sweep[place], place, run);
        if (!finished) {
            out.stopped = true;
            break;
        }
        if (finished->final_loss) task.note("loss " + shortest(std::round(*finished->final_loss * 1e4) / 1e4));
        grown.set(place, std::move(*finished));
        task.advance();
        if (double const now = context.seconds(); now - written > 0.2) grown.write(), written = now;
    }
    grown.write();
    if (!out.path.empty()) context.wrote(out.path);
    out.runs = grown.all();
    out.completed = grown.count(run_status::completed), out.failed = grown.count(run_status::failed);
    return out;
}

}  // namespace detail

KVT_DECL trained load_runs::operator()(run_context& context, start) const {
    auto read = read_results(path);
    for (auto const& warning : read.warnings) context.progress.say("WARN: " + warning);
    trained out{.runs = std::move(read.runs), .path = path, .warnings = std::move(read.warnings)};
    for (auto const& run : out.runs) {
        out.completed += run.status == run_status::completed ? 1 : 0;
        out.failed += run.status == run_status::failed ? 1 : 0;
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
