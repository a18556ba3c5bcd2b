// The step-cost estimator's speed: its kernels beside a sort of the same times, and its CSV reader beside the memory.
//
//   bench_trace [PHASES]     1,000,000 unless given
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // both: gcc 12's own AVX-512 header, under Eigen
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

#include <kvt/core/csv.hpp>
#include <kvt/core/random.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/trace/iterative.hpp>
#include <kvt/trace/read.hpp>
#include <kvt/trace/simulate.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

using namespace kvt::trace;

/// Processor time of this thread: neighbours on the machine don't count.
double now() {
    std::timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

[[noreturn]] void refuse(std::string const& what) {
    std::fprintf(stderr, "bench_trace: %s\n", what.c_str());
    std::exit(1);
}

/// Seconds of the fastest of several runs of `work` on what `prepare` made.
template <class Prepare, class Work> double seconds_of(Prepare&& prepare, Work&& work, int runs = 7) {
    double best = 1e9;
    for (int i = 0; i < runs; ++i) {
        auto input = prepare();
        double const start = now();
        work(input);
        best = std::min(best, now() - start);
    }
    return best;
}

/// Bytes a second of a plain sum over memory that no cache holds.
double bandwidth() {
    std::vector<std::uint64_t> const words(std::size_t{1} << 25, 1);
    std::uint64_t total = 0;
    double const seconds = seconds_of([] { return 0; },
                                      [&](int) {
                                          std::uint64_t sums[8] = {};
                                          for (std::size_t i = 0; i < words.size(); i += 8)
                                              for (std::size_t k = 0; k < 8; ++k) sums[k] += words[i + k];
                                          for (auto const s : sums) total += s;
                                      });
    if (total % words.size() != 0) refuse("the memory cannot add");
    return static_cast<double>(8 * words.size()) / seconds;
}

/// A simulated engine's phases, in the order in which they ended.
std::vector<phase> some_phases(std::size_t count) {
    kvt::random_stream stream{1, "bench trace"};
    std::vector<request> load;
    double at = 0;
    for (std::size_t i = 0; i < count / 2; ++i) {
        at += -0.18 * std::log(1 - stream.unit());
        load.push_back({"q" + std::to_string(i), at, static_cast<std::int64_t>(1 + stream.below(1800)),
                        static_cast<std::int64_t>(2 + stream.below(150))});
    }
    return simulate(load, {.beta0 = 0.008, .beta1 = 4e-5, .beta2 = 1.5e-4}).phases;
}

phases checked(std::vector<phase> const& rows) {
    return check_trace(table_of(rows), {.chunk_size = 512}, prompt_use::needed);
}

/// Exposures and one iteration's features by their definitions: every row walks its segments, every segment all rows.
class plain_reference {
  public:
    explicit plain_reference(phases const& rows) : rows_{rows} {
        for (std::size_t i = 0; i < rows.size(); ++i) grid_.push_back(rows.t_start[i]), grid_.push_back(rows.t_end[i]);
        std::sort(grid_.begin(), grid_.end());
        grid_.erase(std::unique(grid_.begin(), grid_.end()), grid_.end());
        std::size_t const segments = grid_.size() - 1;
        f_.resize(segments), d_.resize(segments), c_.resize(segments);
        for (std::size_t j = 0; j < segments; ++j)
            for (std::size_t i = 0; i < rows.size(); ++i) {
                if (!covers(i, j)) continue;
                bool const prefill = rows.kind[i] == phase_kind::prefill;
                (prefill ? f_ : d_)[j] += prefill ? rows.rule.chunk_size : 1;
                if (prefill) c_[j] += missing(i) / (rows.t_end[i] - rows.t_start[i]);
            }
    }
    /// Prefill and decode exposure of the uniform correction.
    [[nodiscard]] std::pair<double, double> exposure_of(std::size_t i) const {
        long double u = 0, v = 0, w = 0;
        for (std::size_t j = 0; j < f_.size(); ++j)
            if (covers(i, j)) u += f_[j] * length(j), v += d_[j] * length(j), w += c_[j] * length(j);
        long double const h = static_cast<long double>(rows_.steps[i]) / rows_.duration[i];
        return {static_cast<double>(h * u - w), static_cast<double>(h * v)};
    }
    /// The features F and G of the uniform correction under `beta`, from the full pressure.
    [[nodiscard]] std::pair<double, double> features_of(std::size_t i, coefficients const& beta) const {
        long double steps = 0, p = 0, d = 0;
        for (std::size_t j = 0; j < f_.size(); ++j) {
            if (!covers(i, j)) continue;
            long double const rate = 1 / (beta.beta0 + beta.beta1 * f_[j] + beta.beta2 * d_[j]);
            steps += rate * length(j), d += d_[j] * rate * length(j);
            p += std::max<long double>(0, f_[j] - c_[j] / rate) * rate * length(j);
        }
        return {static_cast<double>(rows_.steps[i] * p / steps), static_cast<double>(rows_.steps[i] * d / steps)};
    }

  private:
    [[nodiscard]] bool covers(std::size_t i, std::size_t j) const {
        return rows_.t_start[i] <= grid_[j] && grid_[j + 1] <= rows_.t_end[i];
    }
    [[nodiscard]] long double length(std::size_t j) const { return static_cast<long double>(grid_[j + 1]) - grid_[j]; }
    [[nodiscard]] double missing(std::size_t i) const {
        double const c = rows_.rule.chunk_size;
        return c - std::clamp(rows_.tokens[i] - c * (rows_.steps[i] - 1), 0.0, c);
    }
    phases const& rows_;
    std::vector<double> grid_;
    std::vector<long double> f_, d_, c_;
};

void check_equal() {
    auto const rows = checked(some_phases(2000));
    plain_reference const plain{rows};
    auto const x = expose_trace(rows);
    coefficients const beta{0.008, 4e-5, 1.5e-4};
    auto const a = prefill_exposure(x, chunk_correction::uniform);
    auto const w = reweigh(x, beta, x.prefill_pressure, chunk_correction::uniform);
    double worst = 0;
    auto const compare = [&](double got, double wanted) {
        worst = std::max(worst, std::abs(got - wanted) / (1 + std::abs(wanted)));
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto const [prefill, decode] = plain.exposure_of(i);
        compare(a[i], prefill), compare(x.decode[i], decode);
        auto const [f, g] = plain.features_of(i, beta);
        compare(w.prefill[i], f), compare(w.decode[i], g);
    }
    if (!(worst < 1e-9)) refuse("kernels and their definition differ by " + std::to_string(worst));
    std::printf("exposures and features of %zu phases equal their quadratic definition to %.1e\n", rows.size(), worst);
}

void row(char const* what, double seconds, double sort, double limit, char const* target) {
    std::printf("  %-34s %9.1f ms %8.2f x sort %10.1f x limit   %s\n", what, 1e3 * seconds, seconds / sort,
                seconds / limit, target);
}

/// `limit`: the columns that the work reads and writes, moved once.
void kernels(std::vector<phase> const& log, char const* order, double speed) {
    auto const rows = checked(log);
    std::size_t const n = rows.size();
    std::vector<double> times;
    for (std::size_t i = 0; i < n; ++i) times.push_back(rows.t_start[i]), times.push_back(rows.t_end[i]);
    double const sort =
        seconds_of([&] { return times; }, [](std::vector<double>& all) { std::sort(all.begin(), all.end()); });
    double const exposing = seconds_of([&] { return rows; }, [](phases& p) { (void)expose_trace(std::move(p)); });
    double const both =
        seconds_of([&] { return rows; }, [](phases& p) { (void)baseline{}(expose_trace(std::move(p))); });
    auto const x = expose_trace(rows);
    auto const iterations = [&](std::int64_t count) {
        iterative method;
        method.max_outer_iters = count, method.tol = 1e-300;
        return seconds_of([] { return 0; }, [&](int) { (void)method(x); }, 5);
    };
    double const once = iterations(1), many = iterations(6), one = (many - once) / 5;
    double const segments = static_cast<double>(x.segments()), count = static_cast<double>(n);
    double const base_bytes = count * (41 + 16) + 16 * segments;
    double const iteration_bytes = count * (8 + 8 + 16) + segments * (8 * 5);
    std::printf("\n%zu phases, rows %s; sorting their %zu times takes %.1f ms\n", n, order, times.size(), 1e3 * sort);
    row("baseline: exposures and fit", both, sort, base_bytes / speed, both < 3 * sort ? "< 3: held" : "< 3: MISSED");
    row("  of it exposures", exposing, sort, base_bytes / speed, "");
    row("one iteration, re-weighted", one, sort, iteration_bytes / speed, one < sort ? "< 1: held" : "< 1: MISSED");
}

void reading(std::vector<phase> const& log, double speed) {
    auto const path = (std::filesystem::temp_directory_path() / ("bench_trace." + std::to_string(::getpid()))).string();
    auto const text = kvt::to_csv<phase>(log);
    kvt::write_file(path, text);
    auto const plain = kvt::from_csv<phase>(std::string_view{text}.substr(0, text.find('\n', 1 << 20) + 1));
    auto const table = read_trace(path);
    bool same = table.size() == log.size();
    for (std::size_t i = 0; same && i < plain.size(); ++i)
        same = table.request_id[i] == plain[i].request_id && table.t_start[i] == plain[i].t_start &&
               table.t_end[i] == plain[i].t_end && table.kind[i] == plain[i].phase_type;
    for (std::size_t i = 0; same && i < log.size(); ++i)
        same = table.t_start[i] == log[i].t_start && table.t_end[i] == log[i].t_end;
    double const bytes = static_cast<double>(text.size());
    double const file = seconds_of([] { return 0; }, [&](int) { (void)read_trace(path); });
    double const memory = seconds_of([] { return 0; }, [&](int) { (void)parse_trace(text); });
    if (std::getenv("KEEP") == nullptr) std::filesystem::remove(path);
    if (!same) refuse("the reader and the plain reader differ");
    std::printf("\n%.1f MB of CSV, %.1f bytes a row; cells equal the plain reader's, times equal those written\n",
                bytes / 1e6, bytes / static_cast<double>(log.size()));
    auto const print = [&](char const* what, double seconds, char const* target) {
        std::printf("  %-34s %9.1f ms %8.2f GB/s   %10.1f x limit   %s\n", what, 1e3 * seconds, bytes / seconds / 1e9,
                    seconds / (bytes / speed), target);
    };
    print("from a file", file, bytes / file >= 0.5e9 ? ">= 0.5 GB/s: held" : ">= 0.5 GB/s: MISSED");
    print("from memory", memory, "");
}

}  // namespace

int main(int argc, char** argv) {
    std::size_t const count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
    if (count < 2) refuse("usage: bench_trace [PHASES]");
    check_equal();
    double const speed = bandwidth();
    std::printf("one core reads memory at %.1f GB/s: the limit is each column moved once\n", speed / 1e9);
    auto log = some_phases(count);
    reading(log, speed);
    kernels(log, "in the order of their ends", speed);
    kvt::random_stream stream{2, "bench trace order"};
    for (std::size_t i = log.size(); i > 1; --i) std::swap(log[i - 1], log[stream.below(i)]);
    kernels(log, "shuffled", speed);
}
