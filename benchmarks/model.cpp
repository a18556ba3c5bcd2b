// The transformer's speed: matrix products beside Eigen, attention, prefill and decoding, as shares of the measured peak of one core.
// Compile this file for the processor at hand (-march=native), or Eigen runs with the baseline's narrow vectors.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // both: gcc 12's own AVX-512 header, under Eigen
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

#include "peak.hpp"

#include <kvt/core/random.hpp>
#include <kvt/model/transformer.hpp>

#include <Eigen/Dense>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

using namespace kvt::model;

/// Seconds of the fastest of several runs; each run repeats `f` for about ten milliseconds.
template <class F> double seconds_of(F&& f) {
    using clock = std::chrono::steady_clock;
    auto const once = [&](int repeats) {
        auto const start = clock::now();
        for (int i = 0; i < repeats; ++i) f();
        return std::chrono::duration<double>(clock::now() - start).count();
    };
    int const repeats = std::max(1, static_cast<int>(0.01 / std::max(once(1), 1e-7)));
    double best = once(repeats);
    for (int i = 0; i < 15; ++i) best = std::min(best, once(repeats));
    return best / repeats;
}

std::vector<float> noise(std::size_t count, std::string_view label) {
    kvt::random_stream stream{1, label};
    std::vector<float> values(count);
    for (auto& v : values) v = static_cast<float>(2 * stream.unit() - 1);
    return values;
}

void refuse(char const* what) {
    std::fprintf(stderr, "bench_model: %s\n", what);
    std::exit(1);
}

struct machine {
    std::vector<instruction_set> sets;
    std::vector<double> peaks;
};

void print_rate(double flops, double seconds, double peak) {
    double const rate = flops / seconds;
    std::printf(peak > 0 ? " %8.1f %4.0f %%" : " %8.1f      -", rate / 1e9, 100 * rate / std::max(peak, 1.0));
}

void products(machine const& m) {
    std::printf("\nmatrix products y = x W^T, one thread, GFLOP/s and share of the peak\n%-22s",
                "rows x inputs x outputs");
    for (auto set : m.sets) std::printf(" %15s", std::string{kvt::name_of(set)}.c_str());
    std::printf(" %15s\n", "Eigen");
    for (auto const [rows, inputs, outputs] : {std::array{128, 128, 256},
                                               {128, 128, 128},
                                               {128, 256, 128},
                                               {128, 512, 2048},
                                               {12, 128, 256},
                                               {1, 128, 256}}) {
        auto const x = noise(static_cast<std::size_t>(rows) * static_cast<std::size_t>(inputs), "x");
        auto const w = noise(static_cast<std::size_t>(outputs) * static_cast<std::size_t>(inputs), "w");
        packed_matrix const packed{w, outputs, inputs};
        std::vector<float> y(static_cast<std::size_t>(rows) * static_cast<std::size_t>(outputs)), first;
        using matrix = Eigen::Matrix<float, -1, -1, Eigen::RowMajor>;
        Eigen::Map<matrix const> const xe{x.data(), rows, inputs}, we{w.data(), outputs, inputs};
        matrix ye(rows, outputs);
        ye.noalias() = xe * we.transpose();
        double const flops = 2.0 * rows * inputs * outputs;
        std::printf("%5d x %4d x %4d    ", rows, inputs, outputs);
        for (std::size_t i = 0; i < m.sets.size(); ++i) {
            auto const& kernels = kernels_of(m.sets[i]);
            auto const run = [&] {
                kernels.multiply(packed, x.data(), static_cast<std::size_t>(inputs), rows, y.data(),
                                 static_cast<std::size_t>(outputs));
            };
            run();
            if (first.empty()) first = y;
            if (std::memcmp(first.data(), y.data(), y.size() * sizeof(float)) != 0) refuse("instruction sets disagree");
            if ((Eigen::Map<matrix const>(y.data(), rows, outputs) - ye).cwiseAbs().maxCoeff() >
                1e-4F * std::sqrt(static_cast<float>(inputs)))
                refuse("kvt and Eigen disagree");
            print_rate(flops, seconds_of(run), m.peaks[i]);
        }
        print_rate(flops, seconds_of([&] { ye.noalias() = xe * we.transpose(); }), m.peaks.back());
        std::printf("\n");
    }
}

void attention(machine const& m) {
    std::printf("\nattention of 32 queries of 64 dimensions over a head's slots, GFLOP/s and share of the peak\n%-22s",
                "slots");
    for (auto set : m.sets) std::printf(" %15s", std::string{kvt::name_of(set)}.c_str());
    std::printf("\n");
    for (std::size_t const slots : {std::size_t{128}, std::size_t{512}, std::size_t{2048}}) {
        auto const q = noise(64 * 32, "q"), k = noise(slots * 64, "k"), v = noise(slots * 64, "v");
        std::vector<float> probs(slots * 32), sums(32), out(32 * 64), first;
        std::vector<std::int32_t> const visible(32, static_cast<std::int32_t>(slots));
        attention_task const task{
            q.data(),       32,           32,          64,         k.data(), v.data(), static_cast<std::int32_t>(slots),
            visible.data(), probs.data(), sums.data(), out.data(), 64};
        std::printf("%-22zu", slots);
        for (std::size_t i = 0; i < m.sets.size(); ++i) {
            auto const& kernels = kernels_of(m.sets[i]);
            kernels.attend(task);
            if (first.empty()) first = out;
            if (std::memcmp(first.data(), out.data(), out.size() * sizeof(float)) != 0)
                refuse("instruction sets disagree");
            print_rate(4.0 * 32 * 64 * static_cast<double>(slots), seconds_of([&] { kernels.attend(task); }),
                       m.peaks[i]);
        }
        std::printf("\n");
    }
}

/// Multiply-adds of the products and of causal attention, times two.
double flops_of(shape const& s, double tokens) {
    double const queries = s.num_attention_heads * s.head_dim, keys = s.num_key_value_heads * s.head_dim;
    double const layer = s.hidden_size * (2 * queries + 2 * keys + 3.0 * s.intermediate_size);
    return 2 * s.num_hidden_layers * (tokens * layer + 2 * queries * tokens * (tokens + 1) / 2);
}

void passes(machine const& m, std::string const& folder) {
    std::printf(
        "\nthe built-in model, one thread: tokens/s of a prompt (and share of the peak), tokens/s of decoding after it\n%-22s",
        "prompt tokens");
    for (auto set : m.sets) std::printf(" %25s", std::string{kvt::name_of(set)}.c_str());
    std::printf("\n");
    for (std::int32_t const length : {128, 512, 800, 2000}) {
        std::printf("%-22d", length);
        kvt::random_stream stream{2, "prompt"};
        std::vector<std::int32_t> prompt(static_cast<std::size_t>(length));
        for (auto& id : prompt) id = static_cast<std::int32_t>(stream.below(256));
        std::vector<float> logits(256), first;
        for (std::size_t i = 0; i < m.sets.size(); ++i) {
            auto const t = transformer::load(folder, m.sets[i]);
            workspace ws;
            no_observer none;
            plain_storage cache{t.shape().num_hidden_layers, t.shape().num_key_value_heads};
            auto const prefill = [&] {
                cache.clear();
                t.forward(prompt, 0, cache, none, logits, ws);
            };
            prefill();
            if (first.empty()) first = logits;
            if (first != logits) refuse("instruction sets disagree");
            double const seconds = seconds_of(prefill);
            std::int32_t const next = 20;
            auto const decode = [&] { t.forward({&next, 1}, length, cache, none, logits, ws); };
            double step_seconds = 1;
            for (int round = 0; round < 5; ++round) {
                prefill();
                auto const start = std::chrono::steady_clock::now();
                for (int step = 0; step < 20; ++step) decode();
                step_seconds = std::min(
                    step_seconds, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / 20);
            }
            double const share = m.peaks[i] > 0 ? 100 * flops_of(t.shape(), length) / seconds / m.peaks[i] : 0;
            std::printf(" %9.0f (%3.0f %%) %9.0f", length / seconds, share, 1 / step_seconds);
        }
        std::printf("\n");
    }
}

}  // namespace

/// Usage: bench_model [folder of the model].
int main(int argc, char** argv) try {
    machine m;
    for (auto set : usable_instruction_sets())
        if (set != instruction_set::portable || usable_instruction_sets().size() == 1) {
            m.sets.push_back(set);
            m.peaks.push_back(bench::peak_of(set));
        }
    std::printf("peak of one core:");
    for (std::size_t i = 0; i < m.sets.size(); ++i)
        std::printf(" %s %.1f GFLOP/s", std::string{kvt::name_of(m.sets[i])}.c_str(), m.peaks[i] / 1e9);
    std::printf("; Eigen uses %s\n", Eigen::SimdInstructionSetsInUse());
    products(m);
    attention(m);
    passes(m, argc > 1 ? argv[1] : "config/models/recall");
} catch (std::exception const& e) {
    std::fprintf(stderr, "bench_model: %s\n", e.what());
    return 1;
}
