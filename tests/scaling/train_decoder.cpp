#include "small_job.hpp"

#include <kvt/core/csv.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/scaling/train_decoder.hpp>
#include <kvt/tensor/safetensors.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <filesystem>

using namespace kvt;
using namespace kvt::scaling;

namespace {

struct logged {
    std::int64_t step = 0, length = 0, tokens = 0;
    double loss = 0, multiplier = 0;
};
KVT_RECORD(logged, step, length, tokens, loss, multiplier);

struct quiet {
    run_context context;

    explicit quiet(int threads = 1) : context{exec::thread_executor{threads}} {
        context.progress = progress_meter{progress_style::silent};
    }
};

decoder_result trained(decoder_job const& job, int threads = 1,
                       earlier_checkpoint earlier = earlier_checkpoint::go_on) {
    quiet q{threads};
    return train_decoder<>{job, earlier}(q.context, start{});
}

/// What a run leaves that must not depend on how it came about.
std::string files_of(std::string const& folder) {
    std::string all;
    for (auto const* name : {"/model.safetensors", "/train_log.csv", "/config.json"}) all += read_file(folder + name);
    auto result = read_json_file(folder + "/training.json");
    result.erase("folder");
    return all + dump(result);
}

/// Endless ones that ask the run to stop at the read of that number.
struct stopping_stream {
    run_context* context;
    std::int64_t at;
    token_reader inner;

    [[nodiscard]] std::int64_t size() const { return 0; }
    [[nodiscard]] std::int64_t vocab_size() const { return inner.vocab_size(); }
    [[nodiscard]] asked_batch read(std::int64_t position, std::int64_t sequences, std::int64_t length) const {
        if (position >= at) context->request_stop();
        return inner.read(position, sequences, length);
    }
};
run_context* stopped_context = nullptr;
struct stopping_data {
    [[maybe_unused]] static constexpr std::string_view name = "stopping";
    std::int64_t vocab_size = 23, at = 0;
    [[nodiscard]] token_reader open(data_split split) const {
        return stopping_stream{stopped_context, at, generated_data{.vocab_size = vocab_size}.open(split)};
    }
};
KVT_RECORD(stopping_data, vocab_size, at);

}  // namespace

TEST_CASE("a job ends in a folder: log, checkpoint, model, result") {
    scratch_folder const folder;
    auto const job = small_decoder::job(folder / "run");
    quiet q;
    auto const done = pipeline{train_decoder<>{job}}(q.context);
    CHECK(done.finished);
    CHECK(done.steps == 10);
    CHECK(done.tokens == 4 * 64 + 6 * 96);
    CHECK(done.stages.size() == 2);
    CHECK(done.stages[1].steps == 6);
    auto const rows = from_csv<logged>(read_file(folder / "run/train_log.csv"));
    REQUIRE(rows.size() == 10);
    CHECK(rows[0].multiplier == 0.5);
    CHECK(rows[3].length == 16);
    CHECK(rows[4].length == 24);
    CHECK(rows[9].tokens == done.tokens);
    CHECK(rows[9].loss < rows[0].loss);
    CHECK(done.final_loss == doctest::Approx(rows[9].loss));
    auto const file = tensor::safetensors::open(folder / "run/model.safetensors");
    CHECK(file.find("model.layers.1.self_attn.q_proj.weight") != nullptr);
    CHECK(file.metadata().at("steps") == "10");
    CHECK(q.context.written().size() == 5);
}

TEST_CASE("the number of threads changes no byte") {
    scratch_folder const folder;
    (void)trained(small_decoder::job(folder / "one"), 1);
    (void)trained(small_decoder::job(folder / "three"), 3);
    CHECK(files_of(folder / "one") == files_of(folder / "three"));
}

TEST_CASE("asked to stop, a run leaves a checkpoint and goes on from it to the same bytes") {
    scratch_folder const folder;
    (void)trained(small_decoder::job(folder / "whole"));
    for (std::int64_t at : {0, 64 * 2, 64 * 4 + 96 * 3}) {
        auto job = small_decoder::job(folder / "parts");
        job.data = json::of({{"source", "stopping"}, {"vocab_size", 23}, {"at", at}});
        using sources = token_sources::with<"stopping", stopping_data>;
        quiet first, second;
        stopped_context = &first.context;
        auto const part = train_decoder<sources>{job, earlier_checkpoint::discard}(first.context, start{});
        CHECK_FALSE(part.finished);
        CHECK(part.steps < 10);
        CHECK_FALSE(file_exists(folder / "parts/model.safetensors"));
        run_context elsewhere;  // what is asked to stop is not this run
        stopped_context = &elsewhere;
        auto const rest = train_decoder<sources>{job}(second.context, start{});
        CHECK(rest.finished);
        CHECK(read_file(folder / "parts/train_log.csv") == read_file(folder / "whole/train_log.csv"));
        auto const weights = [](std::string const& path) {
            auto const file = tensor::safetensors::open(path);
            std::vector<std::vector<float>> out;
            for (auto const& t : file.tensors()) out.push_back(tensor::to_floats(t));
            return out;
        };
        CHECK(weights(folder / "parts/model.safetensors") == weights(folder / "whole/model.safetensors"));
        std::filesystem::remove(folder / "parts/model.safetensors");
    }
}

TEST_CASE("rows behind the last checkpoint are written anew") {
    scratch_folder const folder;
    auto const job = small_decoder::job(folder / "run");
    (void)trained(job);
    auto const whole = files_of(folder / "run");
    write_file(folder / "run/train_log.csv", read_file(folder / "run/train_log.csv") + "11,1,24,9999,1.0,1.0,0.");
    (void)trained(job);
    CHECK(files_of(folder / "run") == whole);
}

TEST_CASE("a stage is left as soon as its answers are right, not before its least number of steps") {
    scratch_folder const folder;
    auto job = small_decoder::job(folder / "run");
    job.stages = {{.length = 16, .sequences = 4, .steps = 9, .min_steps = 5, .until_accuracy = 1e-9},
                  {.length = 24, .sequences = 2}};
    auto const done = trained(job);
    REQUIRE(done.stages.size() == 2);
    CHECK(done.stages[0].steps >= 5);
    CHECK(done.stages[0].steps < 9);
    CHECK(done.stages[0].reached);
    job.stages[0].until_accuracy = 1;
    job.stages[0].steps = 6;
    auto const missed = trained(job, 1, earlier_checkpoint::discard);
    CHECK(missed.stages[0].steps == 6);
    CHECK_FALSE(missed.stages[0].reached);
}

TEST_CASE("held-out data give the final loss where the job asks for it") {
    scratch_folder const folder;
    auto job = small_decoder::job(folder / "run");
    job.questions.sequences = 3;
    auto const done = trained(job);
    auto const tail = from_csv<logged>(read_file(folder / "run/train_log.csv")).back().loss;
    CHECK(done.final_loss != tail);
    CHECK(done.final_loss == doctest::Approx(tail).epsilon(0.3));
    CHECK(done.accuracy > 0);
}

TEST_CASE("a finite stream begins anew, and that is said") {
    scratch_folder const folder;
    auto job = small_decoder::job(folder / "run");
    std::string text;
    for (int i = 0; i < 300; ++i) text += static_cast<char>(i * i % 23);
    job.model.vocab_size = 256;
    job.data = json::of({{"source", "text"}, {"path", folder.file("a.txt", text)}, {"held_out", 0.0}});
    auto const done = trained(job);
    CHECK(done.passes == (done.tokens - 1) / 300);
    CHECK(done.passes > 1);
}

TEST_CASE("a checkpoint of another job is refused, a fresh start replaces it") {
    scratch_folder const folder;
    auto job = small_decoder::job(folder / "run");
    (void)trained(job);
    job.seed = 2;
    CHECK(holds(refusal([&] { (void)trained(job); }), "belongs to another configuration"));
    CHECK(trained(job, 1, earlier_checkpoint::discard).finished);
}

TEST_CASE("a loss that is not finite ends the run and says where") {
    scratch_folder const folder;
    auto job = small_decoder::job(folder / "run");
    job.rates.learning_rate = 1e30;
    job.max_grad_norm = 1e30;
    auto const said = refusal([&] { (void)trained(job); });
    CHECK(holds(said, "step "));
    CHECK(holds(said, "finite"));
    CHECK_FALSE(file_exists(folder / "run/model.safetensors"));
}

TEST_CASE("data that do not fit the model are refused") {
    scratch_folder const folder;
    auto job = small_decoder::job(folder / "run");
    job.data = json::of({{"source", "generated"}, {"vocab_size", 24}});
    CHECK(holds(refusal([&] { (void)trained(job); }), "model.vocab_size"));
    job.data = json::of({{"source", "generate"}});
    CHECK(holds(refusal([&] { (void)trained(job); }), "generated"));
    job.data = json::of({{"vocab_size", 2}});
    CHECK(holds(refusal([&] { (void)trained(job); }), "data.source"));
}
