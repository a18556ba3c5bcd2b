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
enum class earlier_checkpoint : std::uint8_t { go_on, discard };
KVT_CHOICE(earlier_checkpoint, "go_on", "discard");

namespace detail {
[[nodiscard]] decoder_result run_decoder_job(run_context& context, decoder_job const& job, earlier_checkpoint earlier,
                                             token_reader const& training, token_reader const& validation);
}  // namespace detail

/// Trains on the context's executor and writes into `job.output`: checkpoint.safetensors every so often, train_log.csv (a
/// row a step), and at the end model/ (model.safetensors with what an engine needs beside it) and training.json. A checkpoint of the same job is gone
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
        auto parameters = job.data;
        auto const* source = parameters.find("source");
        if (source == nullptr || !source->is_text())
            throw error{error_kind::usage, "data.source", "is not given", "one of the registered sources"};
        auto const named = source->text();
        parameters.erase("source");
        auto const open = [&](data_split split) {
            return Sources::visit(named, parameters, "data",
                                  [&](auto const& s) -> token_reader { return s.open(split); });
        };
        auto const training = open(data_split::training);
        return detail::run_decoder_job(context, job, earlier, training,
                                       job.questions.sequences > 0 ? open(data_split::validation) : training);
    }
};

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/train_decoder.ipp>
#endif
