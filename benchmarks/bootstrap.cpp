// The bootstrap of a mean beside scipy.stats.bootstrap, and beside what its generator and its loads cost alone.
// Compile this file for the processor at hand (-march=native).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // both: gcc 12's own AVX-512 header
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

#include "peer.hpp"

#include <kvt/numeric/bootstrap.hpp>
#include <kvt/numeric/random_indices.hpp>

#include <cmath>
#include <vector>

namespace {

using namespace kvt::numeric;
using kvt::instruction_set;
using kvt::random_stream;

constexpr std::int64_t resamples = 10'000;

void refuse(std::string const& what) {
    std::fprintf(stderr, "bench_bootstrap: %s\n", what.c_str());
    std::exit(1);
}

std::vector<double> values_of(std::string const& name) {
    random_stream stream{1, name};
    std::vector<double> values(name == "few" ? 32 : 1000);
    for (double& v : values) v = name == "hits" ? (stream.unit() < 0.6 ? 1 : 0) : stream.unit();
    return values;
}

/// What `bootstrap::mean` does, on one instruction set.
interval interval_on(std::span<double const> values, instruction_set set, std::vector<double>& means) {
    bootstrap const rule{.resamples = resamples};
    random_stream stream{rule.seed, "bench"};
    mean_resampler{strata{&values, 1}, set}(stream, means);
    return replicate_interval(means, {rule.alpha / 2, 1 - rule.alpha / 2});
}

/// Every instruction set, path and the policy itself against the plain loop, bit for bit.
interval checked(std::string const& name, std::span<double const> values) {
    std::vector<double> plain(resamples), means(resamples);
    resample_means(values, random_stream{1337, "bench"}, plain);
    for (auto const set : kvt::usable_instruction_sets()) {
        random_stream stream{1337, "bench"};
        mean_resampler{strata{&values, 1}, set}(stream, means);
        if (means != plain) refuse(name + ": " + std::string{kvt::name_of(set)} + " differs from the plain loop");
    }
    auto const range = bootstrap{.resamples = resamples}.mean(values, "bench");
    std::ranges::sort(plain);
    if (*range != interval{plain[250], plain[9750]}) refuse(name + ": the interval is not that of the plain loop");
    return *range;
}

/// Two independent bootstraps: an end of the interval has a Monte Carlo error of sqrt(p(1-p)/B)/φ(z) = 0.027 standard
/// errors of the mean, their difference 0.038; five times that, and a step of the means where scores are 0 or 1.
void check_peer(std::string const& name, std::span<double const> values, interval ours, kvt::json const& theirs) {
    double const n = static_cast<double>(values.size());
    double const tolerance = 0.19 * *population_std(values) / std::sqrt(n) + (name == "hits" ? 1 / n : 0);
    if (std::abs(ours.low - theirs.at("low").real()) > tolerance ||
        std::abs(ours.high - theirs.at("high").real()) > tolerance)
        refuse(name + ": the interval is not SciPy's");
}

void compare(kvt::json const& answer) {
    std::printf(
        "interval of a mean, %lld resamples, one core: milliseconds; draws/ns; times SciPy's (default generator, PCG64)\n",
        static_cast<long long>(resamples));
    std::printf("%-26s %10s %10s", "values", "SciPy", "its PCG64");
    for (auto const set : kvt::usable_instruction_sets())
        std::printf("  %-10s %49s", std::string{kvt::name_of(set)}.c_str(), "");
    std::printf("\n");
    std::size_t at = 0;
    for (std::string const name : {"scores", "hits", "few"}) {
        auto const values = values_of(name);
        auto const range = checked(name, values);
        double peer = 0, pcg = 0;
        if (!answer.is_null()) {
            auto const& theirs = answer.at("cases").items()[at++];
            check_peer(name, values, range, theirs);
            peer = theirs.at("default").real(), pcg = theirs.at("pcg64").real();
        }
        std::string const title = name == "hits" ? "0 or 1" : "real";
        double const target = name == "scores" ? 12 : name == "hits" ? 100 : 20;
        std::printf("n = %4zu, %-16s %10s %10s", values.size(), title.c_str(),
                    bench::number(1e3 * peer, peer > 0).c_str(), bench::number(1e3 * pcg, pcg > 0).c_str());
        for (auto const set : kvt::usable_instruction_sets()) {
            std::vector<double> means(resamples);
            double const seconds = bench::seconds_of([&] { (void)interval_on(values, set, means); });
            double const draws = static_cast<double>(resamples) * static_cast<double>(values.size());
            std::span<double const> const one{values};
            bool const counts = set != kvt::instruction_set::portable;  // targets are for AVX2 and up
            std::printf("  %-7s %8.3f %6.2f/ns %s %6s x",
                        std::string{kvt::name_of(mean_resampler{strata{&one, 1}, set}.path())}.c_str(), 1e3 * seconds,
                        draws / seconds / 1e9, bench::against(peer / seconds, counts ? target : 0, peer > 0).c_str(),
                        bench::number(pcg / seconds, pcg > 0).c_str());
        }
        std::printf("\n");
    }
}

#if KVT_KERNELS_X86
// Only the generator: every draw finished and folded into one word.
#define KVT_BENCH_GENERATOR(name, isa)                                                                             \
    __attribute__((target(isa))) std::uint64_t name(std::uint64_t state, std::uint64_t draws) {                    \
        using namespace kvt::numeric::detail::name##_space;                                                        \
        vec at[4], sum = all(0);                                                                                   \
        for (std::uint64_t v = 0; v < 4; ++v) at[v] = places(state, 1 + v * width, 1);                             \
        vec const step = all(4 * width * random_stream::increment);                                                \
        for (std::uint64_t i = 0; i < draws; i += 4 * width) _Pragma("GCC unroll 4") for (int v = 0; v < 4; ++v) { \
                vec const z = nearly_mixed(at[v]);                                                                 \
                sum = exclusive_or(sum, exclusive_or(z, shifted_right<31>(z)));                                    \
                at[v] = plus(at[v], step);                                                                         \
            }                                                                                                      \
        alignas(64) std::uint64_t lanes[width];                                                                    \
        store(lanes, sum);                                                                                         \
        for (int lane = 1; lane < width; ++lane) lanes[0] ^= lanes[lane];                                          \
        return lanes[0];                                                                                           \
    }                                                                                                              \
    /* Only the values: indices lie ready. */                                                                      \
    __attribute__((target(isa))) double name##_loads(double const* values, std::uint64_t const* at,                \
                                                     std::size_t count) {                                          \
        using namespace kvt::numeric::detail::name##_space;                                                        \
        reals sum = no_reals();                                                                                    \
        for (std::size_t i = 0; i < count; i += width) sum = plus(sum, fetched(values, at + i));                   \
        alignas(64) double lanes[width];                                                                           \
        store(lanes, sum);                                                                                         \
        return lanes[0];                                                                                           \
    }
}  // namespace
namespace kvt::numeric::detail {
namespace avx2_alone_space = avx2;
namespace avx512_alone_space = avx512;
}  // namespace kvt::numeric::detail
namespace {
KVT_BENCH_GENERATOR(avx2_alone, "avx2,fma")
KVT_BENCH_GENERATOR(avx512_alone, "avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")
#endif

void limits() {
    constexpr std::uint64_t draws = 1 << 16;
    auto const values = values_of("scores");
    std::vector<std::uint32_t> indices(4096);
    random_stream stream{2};
    std::vector<std::uint64_t> wide(4096);
    for (auto& index : wide) index = stream.below(1000);
    std::printf("\nalone, ns a draw (times 10^7 draws: what n = 1000 costs at least)\n%-10s %22s %22s %22s\n", "",
                "generator", "indices into L1", "loads from 1000 values");
    for (auto const set : kvt::usable_instruction_sets()) {
        double generator = 0, loads = 0;
        [[maybe_unused]] double volatile kept = 0;
#if KVT_KERNELS_X86
        auto const time = [&](auto const& draw, auto const& load) {
            generator = bench::seconds_of([&] { kept = static_cast<double>(draw(7, draws)); }) / draws;
            loads = bench::seconds_of([&] { kept = load(values.data(), wide.data(), wide.size()); }) / 4096;
        };
        if (set == instruction_set::avx512) time(avx512_alone, avx512_alone_loads);
        if (set == instruction_set::avx2) time(avx2_alone, avx2_alone_loads);
#endif
        if (set == instruction_set::portable) {
            generator = bench::seconds_of([&] {
                            std::uint64_t sum = 0;
                            for (std::uint64_t i = 0; i < draws; ++i) sum ^= stream.next();
                            kept = static_cast<double>(sum);
                        }) /
                        draws;
            loads = bench::seconds_of([&] {
                        double sum = 0;
                        for (auto const index : wide) sum += values[index];
                        kept = sum;
                    }) /
                    4096;
        }
        double const filled = bench::seconds_of([&] { draw_indices(stream, 1000, indices, set); }) / 4096;
        std::printf("%-10s %13.3f %6.2f ms %13.3f %6.2f ms %13.3f %6.2f ms\n", std::string{kvt::name_of(set)}.c_str(),
                    1e9 * generator, 1e10 * generator, 1e9 * filled, 1e10 * filled, 1e9 * loads, 1e10 * loads);
    }
}

}  // namespace

/// Usage: bench_bootstrap. Refuses to time what is not equal.
int main() try {
    bench::exchange files;
    for (std::string const name : {"scores", "hits", "few"}) files.put(name, values_of(name));
    auto const answer = files.run("bootstrap.py");
    if (!answer.is_null()) std::printf("SciPy %s\n", answer.at("version").text().c_str());
    compare(answer);
    limits();
    bench::print_load();
} catch (std::exception const& e) {
    std::fprintf(stderr, "bench_bootstrap: %s\n", e.what());
    return 1;
}
