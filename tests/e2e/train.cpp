// Training killed at any moment, run again, complete: the same model to the last bit.
#include "process.hpp"

#include <doctest/doctest.h>

using namespace e2e;

namespace {

/// Small enough to end in a second or two.
char const* const job =
    "output: run\n"
    "model: {vocab_size: 256, d_model: 32, num_layers: 2, num_heads: 2, num_kv_heads: 1, head_dim: 16, d_ff: 48,\n"
    "        tied_head: true, naming: llama}\n"
    "start: {rule: structured}\n"
    "data: {source: recall}\n"
    "optimizer: {beta2: 0.98}\n"
    "rates: {rule: uniform, learning_rate: 1.0e-3}\n"
    "schedule: {steps: 400, warmup_steps: 10}\n"
    "stages: [{length: 96, sequences: 2, steps: 150}, {length: 160, sequences: 2}]\n"
    "checkpoint_every: 10\n"
    "questions: {lengths: [96], prompts: 5}\n"
    "exported: {tokenizer: config/models/recall/tokenizer.json}\n";

std::size_t rows(fs::path const& log) {
    std::size_t n = 0;
    for (char c : slurp(log)) n += c == '\n';
    return n;
}

}  // namespace

TEST_CASE("kill -9 at 20 random moments of a training run") {
    workplace place, whole;
    spit(place / "job.yaml", job), spit(whole / "job.yaml", job);
    auto const once = e2e::kvt(whole, {"train", "-c", "job.yaml", "-q", "--threads", "1"});
    REQUIRE_MESSAGE(once.code == 0, once.err);

    std::mt19937 moments{20};  // the moments, not the results, are random
    std::size_t before = 0;
    int under_way = 0;
    for (int i = 0; i < 20; ++i) {
        process p{place, {"train", "-c", "job.yaml", "-q", "--threads", "1"}};
        auto const log = place / "run/train_log.csv";
        auto const wanted = std::min<std::size_t>(before + 2 + moments() % 24, 380);
        CHECK(eventually([&] { return rows(log) >= wanted || !p.running(); }));
        std::this_thread::sleep_for(std::chrono::milliseconds{moments() % 8});
        p.kill(SIGKILL);
        under_way += p.wait().signal == SIGKILL;
        before = rows(log) / 10 * 10;
    }
    MESSAGE(under_way, " of 20 kills while steps were taken, ", before, " of 400 behind the last");
    CHECK(under_way >= 15);
    auto const last = e2e::kvt(place, {"train", "-c", "job.yaml", "-q", "--threads", "2"});
    REQUIRE_MESSAGE(last.code == 0, last.err);
    for (auto const* name :
         {"run/model/model.safetensors", "run/train_log.csv", "run/training.json", "run/model/config.json"}) {
        CAPTURE(name);
        CHECK(slurp(place / name) == slurp(whole / name));
        CHECK_FALSE(slurp(place / name).empty());
    }
}

TEST_CASE("Ctrl-C leaves a checkpoint and says how to go on") {
    workplace place;
    spit(place / "job.yaml", job);
    process p{place, {"train", "-c", "job.yaml", "--threads", "1", "schedule.steps=100000"}};
    CHECK(eventually([&] { return rows(place / "run/train_log.csv") > 5; }));
    p.kill(SIGINT);
    auto const r = p.wait();
    CHECK(r.code == 1);
    CHECK(r.err.find("kvt train -c job.yaml 'schedule.steps=100000'") != std::string::npos);
    CHECK(fs::exists(place / "run/checkpoint.safetensors"));
    CHECK_FALSE(fs::exists(place / "run/model/model.safetensors"));
    auto const other = e2e::kvt(place, {"train", "-c", "job.yaml", "-q"});
    CHECK(other.code == 2);
    CHECK(other.err.find("belongs to another configuration") != std::string::npos);
}

TEST_CASE("a job that is wrong is refused in one line that names the key") {
    workplace place;
    spit(place / "job.yaml", job);
    auto const says = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"train", "-c", "job.yaml", "-q"});
        auto const r = e2e::kvt(place, more);
        CHECK(r.code == 2);
        CHECK(r.err_lines() == 1);
        return r.err;
    };
    CHECK(says({"schedule.steps=0"}).find("schedule.steps") != std::string::npos);
    CHECK(says({"modell.d_model=3"}).find("model") != std::string::npos);
    CHECK(says({"model.head_dim=15"}).find("head_dim") != std::string::npos);
    CHECK(says({"model.d_model=4000000"}).find("GB of memory") != std::string::npos);
    CHECK(says({"stages=[{length: 1000000, sequences: 1000000}]"}).find("GB of memory") != std::string::npos);
    CHECK(says({"model.dropout=1"}).find("dropout") != std::string::npos);
    CHECK(says({"data.source=recal"}).find("recall") != std::string::npos);
    CHECK(says({"data.tokenizer=nowhere.json"}).find("nowhere.json") != std::string::npos);
    // what is needed at the end alone is asked for at the beginning
    CHECK(says({"questions.lengths=[20]"}).find("lengths") != std::string::npos);
    CHECK(says({"exported.tokenizer=nowhere.json"}).find("nowhere.json") != std::string::npos);
    CHECK(e2e::kvt(place, {"train", "-c", "nowhere.yaml"}).code == 2);
    auto const shown = e2e::kvt(place, {"train", "-c", "job.yaml", "--print-config", "seed=7"});
    CHECK(shown.code == 0);
    CHECK(shown.out.find("seed: 7") != std::string::npos);
    CHECK_FALSE(fs::exists(place / "run"));
}
