// train_decoder: a stage from a job to a trained decoder in a folder; it can be stopped at any moment and goes on.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/scaling/decoder_job.hpp>
#include <kvt/scaling/recall_exact.hpp>
#include <kvt/scaling/token_sources.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::scaling {

/// Where a stage ended, and how well it did: losses and accuracy over the last `accuracy_window` steps.
struct stage_end {
    std::int64_t stage = 0, length = 0, steps = 0, tokens = 0;
    double loss = 0;  ///< of the asked positions
    double accuracy = 0;
    bool reached = true;  ///< false: an accuracy was wanted and not reached
};
KVT_RECORD(stage_end, stage, length, steps, tokens, loss, accuracy, reached);

/// What a training run came to: training.json. `final_loss` and `accuracy` are of held-out data where the job asks for
/// it, else of the last tenth of the steps and of the last `accuracy_window`.
struct decoder_result {
    std::string folder{};
    std::int64_t parameters = 0, steps = 0, tokens = 0;
    double flops = 0;                ///< 6 N D with N the core
    std::int64_t passes = 0;         ///< how often the data were begun anew
    std::optional<double> epochs{};  ///< how often the data were gone through, where they have an end
    double final_loss = 0, accuracy = 0;
    std::vector<stage_end> stages{};
    std::vector<exact_match_row> exact{};  ///< greedy answers of the recall task
    bool finished = false;                 ///< false: it was asked to stop; it goes on from its checkpoint
};
KVT_RECORD(decoder_result, folder, parameters, steps, tokens, flops, passes, epochs, final_loss, accuracy, stages,
           exact, finished);

/// What to do with a checkpoint that is there already.
enum class earlier_checkpoint : std::uint8_t {
    go_on,             ///< from it; one of another job is refused
    discard,           ///< begin anew
    go_on_or_discard,  ///< from one of this job; one of another is discarded
};
KVT_CHOICE(earlier_checkpoint, "go_on", "discard", "go_on_or_discard");

namespace detail {

struct decoder_run_options {
    earlier_checkpoint earlier = earlier_checkpoint::go_on;
    std::string title = "train";  ///< of the progress
    double peak = 0;              ///< what matrix products reach; 0: it is measured
};
[[nodiscard]] decoder_result run_decoder_job(run_context& context, decoder_job const& job,
                                             decoder_run_options const& options, token_reader const& training,
                                             token_reader const& validation);

/// The data that `parameters.source` names; `where` is what errors call them.
template <class Sources> token_reader open_data(json parameters, data_split split, std::string const& where) {
    auto const* source = parameters.find("source");
    auto const named = source != nullptr && source->is_text() ? source->text() : std::string{};
    if (named.empty()) {
        std::string known;
        for (auto const name : Sources::names()) known += (known.empty() ? "" : ", ") + std::string{name};
        throw error{error_kind::usage, where + ".source", "is not given", "one of " + known};
    }
    parameters.erase("source");
    return Sources::visit(named, parameters, where, [&](auto const& s) -> token_reader { return s.open(split); });
}

}  // namespace detail

/// Trains on the context's executor and writes into `job.output`: checkpoint.safetensors every so often, train_log.csv (a
/// row every `log_every` steps) and, where it is wanted, validation_log.csv, and at the end model/ (model.safetensors with
/// what an engine needs beside it) and training.json. A checkpoint of the same job is gone
/// on from, to the same bits; one of another job is refused (`error{mismatch}`) unless it is to be discarded. A loss that is
/// not finite ends the run (`error{work}`); its last checkpoint stays. Asked to stop, it writes a checkpoint first.
/// `Sources` is a registry: a user's own data are found where it names them.
template <class Sources = token_sources> struct train_decoder {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "train_decoder";

    decoder_job job;
    earlier_checkpoint earlier = earlier_checkpoint::go_on;

    explicit train_decoder(decoder_job what, earlier_checkpoint with = earlier_checkpoint::go_on)
        : job{std::move(what)}, earlier{with} {}

    decoder_result operator()(run_context& context, start) const {
        job.check();
        auto const open = [&](data_split split) { return detail::open_data<Sources>(job.data, split, "data"); };
        auto const training = open(data_split::training);
        return detail::run_decoder_job(context, job, {.earlier = earlier}, training,
                                       job.questions.sequences > 0 ? open(data_split::validation) : training);
    }
};

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/train_decoder.ipp>
#endif
