// Training steps (forward, backward, AdamW) beside PyTorch for CPU on the same shapes, tokens and parameters, as tokens a
// second and shares of what matrix products reach here; where a step's time goes; matrix products as shares of the
// processor's peak; and AdamW's vectors beside its plain loop.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // both: gcc 12's own AVX-512 header
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

#include "peak.hpp"
#include "peer.hpp"

#include <kvt/numeric/gemm.hpp>
#include <kvt/scaling/adamw.hpp>
#include <kvt/scaling/cross_entropy.hpp>
#include <kvt/scaling/decoder_job.hpp>
#include <kvt/scaling/gemm_rate.hpp>
#include <kvt/scaling/initialise.hpp>
#include <kvt/scaling/linear.hpp>
#include <kvt/scaling/rms_norm.hpp>
#include <kvt/scaling/rotary.hpp>
#include <kvt/scaling/swiglu.hpp>

#include <support/random_batch.hpp>

#include <cmath>
#include <cstring>
#include <vector>

namespace {

using namespace kvt::scaling;
using kvt::json;
using kvt::numeric::layout;

constexpr double learning_rate = 1e-4;
constexpr int compared_steps = 5;
constexpr std::size_t tokens = 4096;  // of a step
constexpr double seconds_each = 4;

void refuse(std::string const& what) {
    std::fprintf(stderr, "bench_train: %s\n", what.c_str());
    std::exit(1);
}

/// Matrix products of the kinds and sizes that training has.
void products(double peak) {
    struct size {
        char const* what;
        std::size_t rows, columns, inner;
        layout a, b;
    };
    using enum layout;
    std::printf("matrix products, one thread: GFLOP/s and share of the peak of fused multiply-adds\n");
    for (auto const& s : {size{"recall forward", 1024, 256, 128, by_row, by_column},
                          {"recall input", 1024, 128, 256, by_row, by_row},
                          {"recall weight", 256, 128, 1024, by_column, by_row},
                          {"attention block", 48, 128, 64, by_row, by_column},
                          {"10M forward", 1024, 1280, 320, by_row, by_column},
                          {"10M input", 1024, 320, 1280, by_row, by_row},
                          {"10M weight", 1280, 320, 1024, by_column, by_row},
                          {"square", 768, 768, 768, by_row, by_row}}) {
        kvt::random_stream stream{1, s.what};
        auto const some = [&](std::size_t count) {
            kvt::line_vector<float> v(count);
            for (auto& x : v) x = static_cast<float>(stream.unit());
            return v;
        };
        auto const a = some(s.rows * s.inner), b = some(s.inner * s.columns);
        kvt::line_vector<float> c(s.rows * s.columns);
        double const seconds = bench::seconds_of([&] {
            kvt::numeric::gemm(kvt::numeric::product<float>{.rows = s.rows,
                                                            .columns = s.columns,
                                                            .inner = s.inner,
                                                            .a = {a.data(), s.a == by_row ? s.inner : s.rows, s.a},
                                                            .b = {b.data(), s.b == by_row ? s.columns : s.inner, s.b},
                                                            .c = c.data(),
                                                            .c_stride = s.columns});
        });
        std::size_t const i = s.rows - 1, j = s.columns / 2;
        double expected = 0;
        for (std::size_t k = 0; k < s.inner; ++k)
            expected += static_cast<double>(s.a == by_row ? a[i * s.inner + k] : a[k * s.rows + i]) *
                        static_cast<double>(s.b == by_row ? b[k * s.columns + j] : b[j * s.inner + k]);
        if (std::abs(static_cast<double>(c[i * s.columns + j]) - expected) > 1e-5 * expected)
            refuse(std::string{s.what} + ": the product is wrong");
        double const rate = 2 * static_cast<double>(s.rows * s.columns * s.inner) / seconds;
        std::printf("  %-16s %4zu x %4zu x %4zu %8.1f", s.what, s.rows, s.columns, s.inner, rate / 1e9);
        std::printf(peak > 0 ? " %4.0f %%\n" : "\n", 100 * rate / peak);
    }
}

/// A model, its tokens, and what training it came to.
struct subject {
    std::string name;
    decoder_shape shape;
    std::size_t length;
    double target;  ///< ratio to PyTorch
    std::vector<double> losses{};
    std::vector<double> seconds{};  ///< of a step, by threads

    /// Products with every matrix, and attention over half of the sequence on average, forward and backward.
    [[nodiscard]] double flops() const {
        auto const n = counts_of(shape);
        return static_cast<double>(tokens) *
               (6 * static_cast<double>(n.core + n.embedding) +
                6 * static_cast<double>(shape.num_layers * shape.query_width()) * static_cast<double>(length));
    }
    [[nodiscard]] token_batch batch() const {
        return random_batch::of(shape.vocab_size, tokens / length, length, name);
    }
    [[nodiscard]] decoder<float> model() const {
        decoder<float> out{shape};
        initialise(out, {parametrization::sp, 0.02}, 3);
        return out;
    }
    [[nodiscard]] json described(std::vector<std::int64_t> const& threads) const {
        json tensors{json::array{}}, counts{json::array{}};
        decoder<float> const model{shape};
        for (auto const& t : model.tensors()) tensors.push_back(kvt::to_json(t));
        for (auto const t : threads) counts.push_back(t);
        json out = kvt::to_json(shape);
        out["name"] = name, out["length"] = static_cast<std::int64_t>(length), out["tensors"] = tensors;
        out["threads"] = counts, out["steps"] = compared_steps, out["seconds"] = seconds_each;
        out["learning_rate"] = learning_rate;
        return out;
    }
};

void train(subject& s, std::vector<std::int64_t> const& threads) {
    auto model = s.model();
    auto const batch = s.batch();
    std::vector<std::vector<float>> memory(2, std::vector<float>(model.parameters().size()));
    std::vector<tensor_rates> const rates(model.tensors().size(), {learning_rate, 0});
    std::int64_t done = 0;
    auto const step = [&](kvt::exec::executor_view executor) {
        std::ranges::fill(model.gradients(), 0.0F);
        double const loss = model.loss_and_gradients(batch);
        adamw{}.apply({.parameters = model.parameters(),
                       .gradients = model.gradients(),
                       .tensors = model.tensors(),
                       .rates = rates,
                       .memory = memory,
                       .step = ++done},
                      executor);
        return loss;
    };
    for (auto const count : threads) {
        kvt::exec::thread_executor const executor{count};
        model.run_on(executor);
        while (s.losses.size() < compared_steps) s.losses.push_back(step(executor));
        using clock = std::chrono::steady_clock;
        auto const start = clock::now();
        double best = 1e9;
        do {
            auto const before = clock::now();
            (void)step(executor);
            best = std::min(best, std::chrono::duration<double>(clock::now() - before).count());
        } while (std::chrono::duration<double>(clock::now() - start).count() < seconds_each);
        s.seconds.push_back(best);
    }
}

template <class T> void put(bench::exchange const& files, std::string const& name, std::span<T const> values) {
    std::ofstream file{files.path(name), std::ios::binary};
    file.write(reinterpret_cast<char const*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
}

/// Both started from the same parameters; single-precision sums in other orders drift apart by little over a few steps.
void compare(subject const& s, json const& peer) {
    for (int i = 0; i < compared_steps; ++i) {
        double const theirs = peer.at("losses").items()[static_cast<std::size_t>(i)].real();
        if (!(std::abs(s.losses[static_cast<std::size_t>(i)] - theirs) <= 2e-4 * theirs))
            refuse(s.name + ": loss " + std::to_string(i) + " is " +
                   std::to_string(s.losses[static_cast<std::size_t>(i)]) + ", PyTorch's is " + std::to_string(theirs));
    }
}

/// Seconds of one thread's work on a shard, times the shards of a step: each part of a step by itself, on memory of its own.
class step_parts {
  public:
    explicit step_parts(subject const& s)
        : s_{s}, d_{static_cast<std::size_t>(s.shape.d_model)}, hidden_{static_cast<std::size_t>(s.shape.d_ff)},
          wide_{static_cast<std::size_t>(s.shape.qkv_width())}, mixed_{static_cast<std::size_t>(s.shape.query_width())},
          vocabulary_{static_cast<std::size_t>(s.shape.vocab_size)} {}

    /// Products with matrices: forward, and backward twice.
    [[nodiscard]] double products() {
        return layers() * (product(d_, wide_) + product(mixed_, d_) + 2 * product(d_, hidden_) + product(hidden_, d_)) +
               product(d_, vocabulary_);
    }
    [[nodiscard]] double attention() {
        causal_attention<float> const mix{static_cast<std::size_t>(s_.shape.num_heads),
                                          static_cast<std::size_t>(s_.shape.num_kv_heads),
                                          static_cast<std::size_t>(s_.shape.head_dim)};
        attention_scratch<float> scratch;
        auto const qkv = some(s_.length * wide_);
        auto out = some(s_.length * mixed_), log_sums = some(s_.length * mix.heads), d_qkv = some(qkv.size());
        auto const d_out = some(out.size());
        double const once = bench::seconds_of([&] {
            mix.forward(qkv, out, log_sums, scratch);
            mix.backward(qkv, out, log_sums, d_out, d_qkv, scratch);
        });
        return layers() * once * static_cast<double>(tokens / s_.length);
    }
    /// Norms, rotations, gates, sums with the residual stream.
    [[nodiscard]] double small_layers() {
        auto const x = some(rows * d_), gain = some(d_), d_y = some(rows * d_);
        auto y = some(rows * d_), scales = some(rows), d_x = some(rows * d_), d_gain = some(d_);
        auto qkv = some(rows * wide_), gate = some(rows * hidden_), up = some(gate.size()), out = some(gate.size());
        rotary<float> positions{static_cast<std::size_t>(s_.shape.head_dim), s_.shape.rope_theta};
        positions.reach(rows);
        auto const turning = static_cast<std::size_t>(s_.shape.num_heads + s_.shape.num_kv_heads);
        rms_norm<float> const norm{d_, 1e-5F};
        double const norms = bench::seconds_of([&] {
            norm.forward(x, gain, y, scales);
            norm.backward(d_y, x, gain, scales, d_x, d_gain);
            std::copy(x.begin(), x.end(), y.begin());
        });
        double const turns = bench::seconds_of([&] {
            positions.forward(qkv, wide_, turning);
            positions.backward(qkv, wide_, turning);
        });
        double const gates = bench::seconds_of([&] {
            swiglu<float>{}.forward(gate, up, out);
            swiglu<float>{}.backward(out, gate, up);
        });
        return shards() * (layers() * (2 * norms + turns + gates) + norms);
    }
    [[nodiscard]] double loss() {
        auto scores = some(rows * vocabulary_);
        std::vector<std::int32_t> const targets(rows, 0);
        std::vector<double> const weights(rows, 1e-3);
        std::vector<float> losses(rows);
        std::vector<std::uint8_t> hits(rows);
        return shards() * bench::seconds_of([&] {
                   (void)cross_entropy<float>{vocabulary_}.backward(scores, targets, weights, losses, hits);
               });
    }
    /// Every shard's gradients are cleared and added up.
    [[nodiscard]] double sums() {
        auto const n = static_cast<std::size_t>(counts_of(s_.shape).total);
        auto from = some(n), to = some(n);
        return (shards() - 1) * bench::seconds_of([&] {
                   std::ranges::fill(from, 0.0F);
                   layer_kernels_of<float>().add(from.data(), n, to.data());
               });
    }
    /// AdamW's step over all parameters by one instruction set.
    [[nodiscard]] double optimizer(kvt::instruction_set set) {
        decoder<float> const model{s_.shape};
        auto p = s_.model();
        std::vector<std::vector<float>> memory(2, std::vector<float>(p.parameters().size()));
        auto const gradients = some(p.parameters().size());
        std::vector<tensor_rates> const rates(model.tensors().size(), {learning_rate, 0.1});
        kvt::exec::inline_executor const here{};
        std::int64_t done = 0;
        double const seconds = bench::seconds_of([&] {
            adamw{}.apply({.parameters = p.parameters(),
                           .gradients = gradients,
                           .tensors = model.tensors(),
                           .rates = rates,
                           .memory = memory,
                           .step = ++done},
                          here, set);
        });
        return seconds;
    }

  private:
    static constexpr std::size_t rows = decoder<float>::shard_tokens;
    [[nodiscard]] double layers() const { return static_cast<double>(s_.shape.num_layers); }
    [[nodiscard]] static double shards() { return static_cast<double>(tokens / rows); }
    [[nodiscard]] kvt::line_vector<float> some(std::size_t count) {
        kvt::random_stream stream{6, "parts"};
        kvt::line_vector<float> v(count);
        for (auto& x : v) x = static_cast<float>(stream.unit() - 0.5);
        return v;
    }
    [[nodiscard]] double product(std::size_t inputs, std::size_t outputs) {
        linear<float> const layer{inputs, outputs};
        auto const x = some(rows * inputs), w = some(inputs * outputs), d_y = some(rows * outputs);
        auto y = some(rows * outputs), d_x = some(rows * inputs), d_w = some(inputs * outputs);
        return shards() * bench::seconds_of([&] {
                   layer.forward(x, w, y);
                   layer.backward_input(d_y, w, d_x);
                   layer.backward_weight(d_y, x, d_w);
               });
    }

    subject const& s_;
    std::size_t d_, hidden_, wide_, mixed_, vocabulary_;
};

/// Where a step of one thread goes: parts measured by themselves, as shares of the whole step.
void profile(subject const& s) {
    step_parts parts{s};
    double const whole = s.seconds.front();
    auto const best = kvt::best_instruction_set();
    std::pair<char const*, double> const all[] = {{"products with matrices", parts.products()},
                                                  {"attention", parts.attention()},
                                                  {"norms, rotations, gates", parts.small_layers()},
                                                  {"softmax and loss", parts.loss()},
                                                  {"sums of gradients", parts.sums()},
                                                  {"AdamW", parts.optimizer(best)}};
    double rest = whole;
    std::printf("  %-8s step %8.2f ms:", s.name.c_str(), 1e3 * whole);
    for (auto const& [what, seconds] : all) {
        std::printf(" %s %.0f %%,", what, 100 * seconds / whole);
        rest -= seconds;
    }
    std::printf(" the rest (parts run colder, or warmer, alone) %.0f %%\n", 100 * rest / whole);
    double const plain = parts.optimizer(kvt::instruction_set::portable), vectors = parts.optimizer(best);
    auto const n = static_cast<double>(counts_of(s.shape).total);
    std::printf("  %-8s AdamW: plain loop %.2f ns a parameter, vectors %.2f ns: %.1f x (unit test: the same bits)\n",
                s.name.c_str(), 1e9 * plain / n, 1e9 * vectors / n, plain / vectors);
}

}  // namespace

/// Usage: bench_train. Refuses to compare what does not learn alike.
int main() try {
    double const peak = bench::peak_of(kvt::best_instruction_set());
    products(peak);
    std::vector<std::int64_t> const threads{1, 2};
    std::vector<double> rates;
    for (auto const count : threads) {
        kvt::exec::thread_executor const executor{count};
        rates.push_back(gemm_rate(executor, 1));
    }
    std::vector<subject> subjects{
        {.name = "recall",
         .shape = load_decoder_job(KVT_BENCH_SOURCE "/config/train/recall.yaml").model,
         .length = 128,
         .target = 2},
        {.name = "gpt10m", .shape = gpt_for_size(10'000'000, 6, 256), .length = 256, .target = 1}};
    bench::exchange const files;
    json described{json::array{}};
    for (auto& s : subjects) {
        auto const start = s.model();
        put(files, s.name + ".parameters", start.parameters());
        put(files, s.name + ".ids", std::span<std::int32_t const>{s.batch().ids});
        described.push_back(s.described(threads));
        train(s, threads);
    }
    std::ofstream{files.path("shapes.json")} << kvt::dump(described);
    auto const peer = files.run("train.py", "torch");
    std::printf("\ntraining, %zu tokens a step: tokens/s, share of what products reach, ratio to PyTorch %s\n", tokens,
                peer.is_null() ? "(not there)" : peer.at("version").text().c_str());
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        auto const& s = subjects[i];
        if (!peer.is_null()) compare(s, peer.at("shapes").items()[i]);
        for (std::size_t t = 0; t < threads.size(); ++t) {
            double const theirs = peer.is_null() ? 0 : peer.at("shapes").items()[i].at("seconds").items()[t].real();
            std::printf("  %-8s T %4zu  %lld thread%s %9.0f %4.0f %%", s.name.c_str(), s.length,
                        static_cast<long long>(threads[t]), threads[t] == 1 ? " " : "s",
                        static_cast<double>(tokens) / s.seconds[t], 100 * s.flops() / s.seconds[t] / rates[t]);
            if (theirs > 0)
                std::printf("   PyTorch %8.0f %4.0f %%", static_cast<double>(tokens) / theirs,
                            100 * s.flops() / theirs / rates[t]);
            std::printf(" %s\n", bench::against(theirs / s.seconds[t], s.target, theirs > 0).c_str());
        }
    }
    std::printf("\nwhere a step of one thread goes, part by part\n");
    for (auto const& s : subjects) profile(s);
    bench::print_load();
} catch (std::exception const& e) {
    std::fprintf(stderr, "bench_train: %s\n", e.what());
    return 1;
}
