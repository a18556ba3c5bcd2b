#pragma once

#include <kvt/core/append_file.hpp>
#include <kvt/core/csv.hpp>
#include <kvt/core/format_number.hpp>
#include <kvt/core/hash.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/data/recall.hpp>
#include <kvt/model/tokenizer.hpp>
#include <kvt/scaling/checkpoint.hpp>
#include <kvt/scaling/export_model.hpp>
#include <kvt/scaling/gemm_rate.hpp>
#include <kvt/scaling/initialise.hpp>
#include <kvt/scaling/train_decoder.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <numeric>

#include <unistd.h>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

/// Everything of a run that changes from step to step and is not in the model or the optimizer.
struct run_position {
    std::int64_t steps = 0, tokens = 0, passes = 0;
    std::int64_t stage = 0, stage_steps = 0, stage_tokens = 0;
    std::vector<std::int64_t> hits{}, asked{};  ///< of the stage's last steps
    std::vector<double> losses{};               ///< of the asked positions, in the same steps
    double tail_loss = 0;                       ///< sum over the last tenth of the schedule
    std::int64_t tail_steps = 0;
    std::vector<stage_end> ended{};
};
KVT_RECORD(run_position, steps, tokens, passes, stage, stage_steps, stage_tokens, hits, asked, losses, tail_loss,
           tail_steps, ended);

/// One row of train_log.csv.
struct log_row {
    std::int64_t step = 0, stage = 0, length = 0, tokens = 0;
    double loss = 0, asked_loss = 0, accuracy = 0, gradient_norm = 0, multiplier = 0;
};
KVT_RECORD(log_row, step, stage, length, tokens, loss, asked_loss, accuracy, gradient_norm, multiplier);

/// One row of validation_log.csv.
struct validation_row {
    std::int64_t step = 0;
    double loss = 0, accuracy = 0;
};
KVT_RECORD(validation_row, step, loss, accuracy);

template <class Row> void write_row(append_file& log, Row const& row) {
    std::string line;
    append_csv(line, row);
    log.write(line);
}

/// What a batch's answers came to.
struct answer_sums {
    std::int64_t asked = 0, hits = 0;
    double loss = 0;

    void add(asked_batch const& batch, decoder<float> const& model) {
        for (std::size_t i = 0; i < batch.tokens.targets.size(); ++i) {
            if (batch.tokens.targets[i] == ignored_label || (!batch.asked.empty() && batch.asked[i] == 0)) continue;
            ++asked, hits += model.token_hits()[i];
            loss += static_cast<double>(model.token_losses()[i]);
        }
    }
    [[nodiscard]] double mean_loss() const { return asked > 0 ? loss / static_cast<double>(asked) : 0; }
    [[nodiscard]] double accuracy() const {
        return asked > 0 ? static_cast<double>(hits) / static_cast<double>(asked) : 0;
    }
};

/// Of one token: products with every matrix, and attention over half of the sequence on average.
inline double token_flops(decoder_shape const& s, std::int64_t length) {
    auto const counts = counts_of(s);
    auto const matrices = counts.total - (s.tied_head ? 0 : counts.embedding);
    return 6 * static_cast<double>(matrices) + 6 * static_cast<double>(s.num_layers * length * s.query_width());
}

/// Bytes that training takes at least: parameters, the optimizer's memory, gradients of every shard, and what the forward
/// pass keeps of every token.
inline double training_bytes(decoder_job const& job) {
    auto const& m = job.model;
    double most = 0;
    for (auto const& s : job.stages)
        most = std::max(most, static_cast<double>(s.sequences) * static_cast<double>(s.length));
    double const shards = std::max(1.0, most / static_cast<double>(decoder<float>::shard_tokens));
    auto const token = static_cast<double>(m.num_layers) *
                       static_cast<double>(4 * m.d_model + m.qkv_width() + m.query_width() + 3 * m.d_ff);
    return 4 * (static_cast<double>(counts_of(m).total) * (3 + shards) + token * most);
}

inline void check_memory(decoder_job const& job) {
    double const there = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
    if (double const wanted = training_bytes(job); there > 0 && wanted > there)
        throw error{error_kind::usage, "model", "training it would take " + fixed(wanted / 1e9, 1) + " GB of memory",
                    "this machine's " + fixed(there / 1e9, 1) + " GB at most: a smaller model, or smaller batches"};
}

inline std::string job_hash(decoder_job const& job) {
    auto what = to_json(job);
    for (auto const* key :
         {"output", "checkpoint_every", "questions", "exported", "log", "log_every", "evaluate_every"})
        what.erase(key);
    // what a job without them has, so that its hash is that of before they were
    if (job.model.dropout == 0) what["model"].erase("dropout");
    if (job.model.scaling == forward_factors{}) what["model"].erase("scaling");
    return sha256_hex(dump(what, json_style::canonical));
}

inline void start_model(decoder<float>& model, decoder_job const& job) {
    if (job.start.rule == start_rule::structured) return job.start.structured(model, job.seed);
    auto const rule = job.start.rule == start_rule::sp     ? parametrization::sp
                      : job.start.rule == start_rule::umup ? parametrization::u_mup
                                                           : parametrization::u_mup_full;
    initialise(model, {.parametrization = rule, .base_std = job.start.base_std}, job.seed);
}

class decoder_run {
  public:
    decoder_run(run_context& context, decoder_job const& job, token_reader const& training,
                token_reader const& validation)
        : context_{context}, job_{job}, data_{training},
          validation_{validation}, model_{job.model}, rates_{job.rates.of(model_.list())},
          memory_{optimizer_state<float>::for_model(job.optimizer, model_.parameters().size())}, hash_{job_hash(job)} {
        if (auto const* executor = context.find<exec::any_executor>()) executor_ = *executor;
        if (data_.vocab_size() > job.model.vocab_size)
            throw error{error_kind::mismatch, "model.vocab_size", std::to_string(job.model.vocab_size),
                        "the data's " + std::to_string(data_.vocab_size()) + " or more"};
        model_.run_on(executor_);
    }

    void begin(earlier_checkpoint earlier);
    /// Until the end of the schedule, or false where it was asked to stop.
    [[nodiscard]] bool train(decoder_run_options const& options);
    [[nodiscard]] decoder_result result(bool finished);

  private:
    [[nodiscard]] std::string path(char const* name) const { return job_.output + "/" + name; }
    [[nodiscard]] training_stage const& stage() const { return job_.stages[static_cast<std::size_t>(at_.stage)]; }
    [[nodiscard]] bool last_stage() const { return static_cast<std::size_t>(at_.stage) + 1 == job_.stages.size(); }
    [[nodiscard]] answer_sums window() const;
    void check_end() const;
    void resume();
    [[nodiscard]] std::string log_path() const { return job_.log.empty() ? path("train_log.csv") : job_.log; }
    void trim_log(std::string const& file) const;
    void save() { save_checkpoint(path("checkpoint.safetensors"), model_, memory_, adamw::memory_names, state()); }
    [[nodiscard]] json state() const { return json::of({{"job", hash_}, {"position", to_json(at_)}}); }
    log_row step();
    void note(answer_sums const& sums, double loss);
    void end_stage();
    void finish_stages();
    void note_progress(progress_meter::task& progress, log_row const& row, double tokens_a_second, double share);
    [[nodiscard]] validation_row held_out();
    void judge(decoder_result& out);

    run_context& context_;
    decoder_job const& job_;
    token_reader const& data_;
    token_reader const& validation_;
    exec::inline_executor here_{};
    exec::executor_view executor_{here_};
    decoder<float> model_;
    std::vector<tensor_rates> rates_;
    optimizer_state<float> memory_;
    std::string hash_;
    random_stream drops_{job_.seed, "dropout"};
    run_position at_{};
    append_file log_{}, validation_log_{};
};

/// What is needed at the end alone, so that it is not missing then.
KVT_DECL void decoder_run::check_end() const {
    if (!job_.exported.tokenizer.empty()) (void)model::word_tokenizer::load(job_.exported.tokenizer);
    if (job_.data.at("source").text() != recall_data::name) return;
    for (auto const length : job_.questions.lengths)
        (void)data::recall{.lengths = {length}, .n_examples = job_.questions.prompts, .seed = job_.questions.seed}.make(
            0);
}

KVT_DECL void decoder_run::begin(earlier_checkpoint earlier) {
    check_end();
    std::error_code ignored;
    auto const checkpoint = path("checkpoint.safetensors");
    if (earlier == earlier_checkpoint::go_on_or_discard && file_exists(checkpoint) &&
        checkpoint_state(checkpoint).at("job").text() != hash_)
        earlier = earlier_checkpoint::discard;
    if (earlier == earlier_checkpoint::discard) std::filesystem::remove(checkpoint, ignored);
    if (file_exists(checkpoint)) resume();
    else start_model(model_, job_);
    trim_log(log_path());
    log_ = append_file{log_path(), csv_header<log_row>()};
    if (job_.evaluate_every == 0) return;
    trim_log(path("validation_log.csv"));
    validation_log_ = append_file{path("validation_log.csv"), csv_header<validation_row>()};
}

KVT_DECL void decoder_run::resume() {
    auto const checkpoint = path("checkpoint.safetensors");
    auto const held = load_checkpoint(checkpoint, model_, memory_, adamw::memory_names);
    if (held.at("job").text() != hash_)
        throw error{error_kind::mismatch, checkpoint, "belongs to another configuration",
                    "the one it was begun with, another output, or a fresh start"};
    at_ = from_json<run_position>(held.at("position"), checkpoint);
    context_.progress.say("going on from step " + std::to_string(at_.steps) + " of " + checkpoint);
}

/// Rows behind the checkpoint, or cut by a crash, are written anew. Steps are the first column.
KVT_DECL void decoder_run::trim_log(std::string const& file) const {
    if (!file_exists(file)) return;
    auto text = read_file(file);
    std::size_t end = 0;
    for (auto line_end = text.find('\n'); line_end != text.npos; line_end = text.find('\n', end)) {
        if (end > 0 && std::strtoll(text.c_str() + end, nullptr, 10) > at_.steps) break;
        end = line_end + 1;
    }
    if (end == text.size()) return;
    text.resize(end);
    write_file(file, text);
}

KVT_DECL answer_sums decoder_run::window() const {
    return {.asked = std::accumulate(at_.asked.begin(), at_.asked.end(), std::int64_t{0}),
            .hits = std::accumulate(at_.hits.begin(), at_.hits.end(), std::int64_t{0}),
            .loss = std::accumulate(at_.losses.begin(), at_.losses.end(), 0.0)};
}

KVT_DECL log_row decoder_run::step() {
    auto const& s = stage();
    step_options const options{.multiplier = job_.schedule.multiplier(at_.steps),
                               .max_grad_norm = job_.max_grad_norm,
                               .accumulation = s.accumulation};
    answer_sums sums;
    asked_batch batch;
    auto const outcome = train_step(
        model_, job_.optimizer, memory_, rates_, options, executor_,
        [&](std::int64_t) -> token_batch const& {
            batch = data_.read(at_.tokens, s.sequences, s.length);
            model_.drop_by(drops_.peek(static_cast<std::uint64_t>(at_.tokens)));
            at_.tokens += s.sequences * s.length;
            return batch.tokens;
        },
        [&](std::int64_t) { sums.add(batch, model_); });
    if (!std::isfinite(outcome.loss) || !std::isfinite(outcome.gradient_norm))
        throw error{error_kind::work, "step " + std::to_string(at_.steps + 1),
                    "loss " + shortest(outcome.loss) + ", gradient " + shortest(outcome.gradient_norm),
                    "finite numbers; a lower learning rate may help"};
    ++at_.steps, ++at_.stage_steps;
    at_.stage_tokens += s.sequences * s.length * s.accumulation;
    if (data_.size() > 0) at_.passes = (at_.tokens - 1) / data_.size();
    note(sums, outcome.loss);
    return {.step = at_.steps,
            .stage = at_.stage,
            .length = s.length,
            .tokens = at_.tokens,
            .loss = outcome.loss,
            .asked_loss = sums.mean_loss(),
            .accuracy = sums.accuracy(),
            .gradient_norm = outcome.gradient_norm,
            .multiplier = options.multiplier};
}

KVT_DECL void decoder_run::note(answer_sums const& sums, double loss) {
    at_.hits.push_back(sums.hits), at_.asked.push_back(sums.asked), at_.losses.push_back(sums.loss);
    if (static_cast<std::int64_t>(at_.hits.size()) > job_.accuracy_window) {
        at_.hits.erase(at_.hits.begin()), at_.asked.erase(at_.asked.begin()), at_.losses.erase(at_.losses.begin());
    }
    auto const total = job_.schedule.steps, tail = std::max<std::int64_t>(1, (total + 9) / 10);
    if (at_.steps > total - tail) at_.tail_loss += loss, ++at_.tail_steps;
}

KVT_DECL void decoder_run::end_stage() {
    auto const& s = stage();
    auto const sums = window();
    at_.ended.push_back({.stage = at_.stage,
                         .length = s.length,
                         .steps = at_.stage_steps,
                         .tokens = at_.stage_tokens,
                         .loss = sums.mean_loss(),
                         .accuracy = sums.accuracy(),
                         .reached = s.until_accuracy == 0 || sums.accuracy() >= s.until_accuracy});
    auto const& end = at_.ended.back();
    context_.progress.say("stage " + std::to_string(end.stage + 1) + " (length " + std::to_string(end.length) +
                          ") ends after " + std::to_string(end.steps) + " steps: loss " + fixed(end.loss, 3) +
                          ", accuracy " + fixed(end.accuracy, 3) +
                          (end.reached ? "" : ", which is not what was asked"));
}

KVT_DECL void decoder_run::finish_stages() {
    auto const& s = stage();
    if (last_stage()) return;
    bool const full =
        at_.stage_steps >= s.min_steps && static_cast<std::int64_t>(at_.hits.size()) >= job_.accuracy_window;
    bool const good = s.until_accuracy > 0 && full && window().accuracy() >= s.until_accuracy;
    if (!good && (s.steps == 0 || at_.stage_steps < s.steps)) return;
    end_stage();
    ++at_.stage, at_.stage_steps = 0, at_.stage_tokens = 0;
    at_.hits.clear(), at_.asked.clear(), at_.losses.clear();
}

KVT_DECL void decoder_run::note_progress(progress_meter::task& progress, log_row const& row, double tokens_a_second,
                                         double share) {
    auto const sums = window();
    progress.note("length " + std::to_string(row.length) + "  loss " + fixed(sums.mean_loss(), 3) + "  accuracy " +
                  fixed(sums.accuracy(), 3) + "  " + fixed(tokens_a_second, 0) + " tokens/s  " + fixed(100 * share, 0) +
                  "% of peak");
}

KVT_DECL bool decoder_run::train(decoder_run_options const& options) {
    auto const total = job_.schedule.steps;
    if (at_.steps >= total) return true;
    double const peak = options.peak > 0 ? options.peak : gemm_rate(executor_);
    auto progress = context_.progress.begin(options.title, static_cast<std::uint64_t>(total - at_.steps), "steps");
    double began = context_.seconds(), flops = 0;
    std::int64_t first = at_.tokens, stage_was = at_.stage;
    while (at_.steps < total) {
        if (stage_was != at_.stage) began = context_.seconds(), first = at_.tokens, flops = 0, stage_was = at_.stage;
        auto const before = at_.tokens;
        auto const row = step();
        if (at_.steps % job_.log_every == 0 || at_.steps == total) write_row(log_, row);
        flops += static_cast<double>(at_.tokens - before) * token_flops(job_.model, row.length);
        double const spent = std::max(1e-9, context_.seconds() - began);
        note_progress(progress, row, static_cast<double>(at_.tokens - first) / spent, flops / spent / peak);
        progress.advance();
        finish_stages();
        if (job_.evaluate_every > 0 && at_.steps % job_.evaluate_every == 0) write_row(validation_log_, held_out());
        bool const stop = context_.stop_requested();
        if (at_.steps < total && !stop && at_.steps % job_.checkpoint_every != 0) continue;
        if (at_.steps == total) end_stage();
        save();
        if (stop && at_.steps < total) return false;
    }
    return true;
}

/// What the model makes of the held-out sequences, several at a time.
KVT_DECL validation_row decoder_run::held_out() {
    auto const& q = job_.questions;
    auto const length = q.length > 0 ? q.length : job_.stages.back().length;
    answer_sums sums;
    double loss = 0;
    for (std::int64_t done = 0; done < q.sequences;) {
        auto const some = std::min(q.sequences - done, job_.stages.back().sequences);
        auto const batch = validation_.read(done * length, some, length);
        loss += model_.loss(batch.tokens) * static_cast<double>(some) / static_cast<double>(q.sequences);
        sums.add(batch, model_);
        done += some;
    }
    return {at_.steps, loss, sums.accuracy()};
}

KVT_DECL void decoder_run::judge(decoder_result& out) {
    auto const& q = job_.questions;
    out.accuracy = window().accuracy();
    out.final_loss = at_.tail_steps > 0 ? at_.tail_loss / static_cast<double>(at_.tail_steps) : 0;
    if (q.sequences > 0) {
        auto const found = held_out();
        out.final_loss = found.loss, out.accuracy = found.accuracy;
    }
    if (auto const* words = job_.data.find("tokenizer"); job_.data.at("source").text() == recall_data::name)
        out.exact = recall_exact_match(model_, words != nullptr ? words->text() : recall_data{}.tokenizer, q.lengths,
                                       q.prompts, q.seed);
}

KVT_DECL decoder_result decoder_run::result(bool finished) {
    decoder_result out{.folder = job_.output,
                       .parameters = counts_of(job_.model).total,
                       .steps = at_.steps,
                       .tokens = at_.tokens,
                       .flops =
                           training_flops(static_cast<double>(model_.num_params()), static_cast<double>(at_.tokens)),
                       .passes = at_.passes,
                       .epochs = {},
                       .stages = at_.ended,
                       .finished = finished};
    if (data_.size() > 0) out.epochs = static_cast<double>(at_.tokens) / static_cast<double>(data_.size());
    context_.wrote(path("checkpoint.safetensors"));
    context_.wrote(log_path());
    if (!finished) return out;
    judge(out);
    for (auto const& file : export_model(model_, job_.exported, path("model"),
                                         {{"format", "pt"},
                                          {"trained_by", "kvt"},
                                          {"job", hash_},
                                          {"seed", std::to_string(job_.seed)},
                                          {"steps", std::to_string(at_.steps)},
                                          {"tokens", std::to_string(at_.tokens)}}))
        context_.wrote(file);
    write_file(path("training.json"), dump(to_json(out), json_style::pretty) + "\n");
    context_.wrote(path("training.json"));
    return out;
}

KVT_DECL decoder_result run_decoder_job(run_context& context, decoder_job const& job,
                                        decoder_run_options const& options, token_reader const& training,
                                        token_reader const& validation) {
    check_memory(job);
    decoder_run run{context, job, training, validation};
    run.begin(options.earlier);
    bool const finished = run.train(options);
    return run.result(finished);
}

}  // namespace detail

}  // namespace kvt::inline KVT_ABI::scaling
