// Non-negative least squares beside scipy.optimize.nnls and a plain Lawson-Hanson written with Eigen, and beside what
// memory allows. Compile this file for the processor at hand (-march=native), or Eigen runs with the baseline's vectors.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // both: gcc 12's own AVX-512 header, under Eigen
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

#include "peer.hpp"

#include <kvt/core/random.hpp>
#include <kvt/numeric/nnls.hpp>
#include <kvt/numeric/nnls_batch.hpp>

#include <Eigen/Dense>

#include <cmath>
#include <vector>

namespace {

using kvt::instruction_set;

void refuse(std::string const& what) {
    std::fprintf(stderr, "bench_nnls: %s\n", what.c_str());
    std::exit(1);
}

/// Non-negative columns and values that a sparse non-negative combination of them explains but for noise, as step costs.
struct problem {
    std::size_t rows, unknowns;
    std::string name = std::to_string(rows) + "x" + std::to_string(unknowns);
    std::vector<double> columns{}, y{};

    problem(std::size_t r, std::size_t u) : rows{r}, unknowns{u} {
        kvt::random_stream stream{1, name};
        for (std::size_t i = 0; i < r * u; ++i) columns.push_back(stream.unit() + (u > 3 ? -0.5 : 0));
        y.resize(r);
        for (std::size_t c = 0; c < u; ++c) {
            double const weight = stream.unit() - 0.5;
            for (std::size_t i = 0; i < r; ++i) y[i] += std::max(0.0, weight) * columns[c * r + i];
        }
        for (double& v : y) v += 0.3 * (stream.unit() - 0.5);
    }
};

/// Lawson and Hanson 1974, chapter 23, as one would write it: a QR fit of the passive columns each time.
Eigen::VectorXd lawson_hanson(Eigen::Map<Eigen::MatrixXd const> const& a, Eigen::Map<Eigen::VectorXd const> const& b) {
    Eigen::VectorXd x = Eigen::VectorXd::Zero(a.cols());
    std::vector<Eigen::Index> passive;
    double const tolerance = 1e-12 * a.cwiseAbs().maxCoeff() * b.norm();
    for (Eigen::Index round = 0; round < 10 * a.cols(); ++round) {
        Eigen::VectorXd gradient = a.transpose() * (b - a * x);
        for (auto const p : passive) gradient[p] = 0;
        Eigen::Index next = 0;
        if (passive.size() == static_cast<std::size_t>(a.cols()) || gradient.maxCoeff(&next) <= tolerance) break;
        passive.push_back(next);
        for (;;) {
            Eigen::MatrixXd const part = a(Eigen::all, passive);
            Eigen::VectorXd const s = part.householderQr().solve(b);
            double fraction = 1;
            for (std::size_t k = 0; k < passive.size(); ++k)
                if (s[static_cast<Eigen::Index>(k)] <= 0)
                    fraction = std::min(fraction, x[passive[k]] / (x[passive[k]] - s[static_cast<Eigen::Index>(k)]));
            std::vector<Eigen::Index> kept;
            for (std::size_t k = 0; k < passive.size(); ++k) {
                auto& value = x[passive[k]];
                value += fraction * (s[static_cast<Eigen::Index>(k)] - value);
                if (value > 1e-14) kept.push_back(passive[k]);
                else value = 0;
            }
            bool const done = kept.size() == passive.size();
            passive = kept;
            if (done) break;
        }
    }
    return x;
}

/// Coefficients equal within 1e-9 of the largest.
void check(std::string const& name, std::span<double const> ours, std::span<double const> theirs) {
    double largest = 0, apart = ours.size() == theirs.size() ? 0 : 1e300;
    for (double const v : ours) largest = std::max(largest, v);
    for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i)
        apart = std::max(apart, std::abs(ours[i] - theirs[i]));
    if (apart > 1e-9 * largest) refuse(name + ": the answers differ");
}

/// Bytes a second of reading an array of that many bytes over and over, with eight sums under way.
double bandwidth(std::size_t bytes) {
    std::vector<double> array(bytes / sizeof(double), 1.0);
    Eigen::Map<Eigen::ArrayXd const> const values{array.data(), static_cast<Eigen::Index>(array.size())};
    double volatile kept = 0;
    double const seconds = bench::seconds_of([&] { kept = values.sum(); });
    return static_cast<double>(bytes) / seconds;
}

/// Floating-point operations a second of Eigen's product of square matrices: what this core reaches at best.
double product_rate() {
    Eigen::MatrixXd const a = Eigen::MatrixXd::Constant(200, 200, 1.0);
    Eigen::MatrixXd b(200, 200);
    return 2 * 200.0 * 200 * 200 / bench::seconds_of([&] { b.noalias() = a * a; });
}

double peer_seconds(kvt::json const& answer, std::size_t at) {
    return answer.is_null() ? 0 : answer.at("seconds").items()[at].real();
}

/// One line. The targets are ratios: to SciPy, which may be absent (`peer` 0), and to Eigen, 0 where there is none.
void print_row(std::string const& name, double peer, double eigen, double ours, double limit, char const* what,
               double scipy_target, double eigen_target) {
    std::printf("%-16s %10s %10.1f %10.1f", name.c_str(), bench::number(1e6 * peer, peer > 0).c_str(), 1e6 * eigen,
                1e6 * ours);
    std::printf(" %s %s", bench::against(peer / ours, scipy_target, peer > 0).c_str(),
                bench::against(eigen / ours, eigen_target, true).c_str());
    std::printf("   %8.1f %s\n", 1e6 * limit, what);
}

void one(problem const& p, bench::exchange const& files, kvt::json const& answer, std::size_t at) {
    auto const rows = static_cast<Eigen::Index>(p.rows), unknowns = static_cast<Eigen::Index>(p.unknowns);
    Eigen::Map<Eigen::MatrixXd const> const a{p.columns.data(), rows, unknowns};
    Eigen::Map<Eigen::VectorXd const> const b{p.y.data(), rows};
    auto const fit = kvt::numeric::nnls(p.columns, p.unknowns, p.y);
    Eigen::VectorXd const plain = lawson_hanson(a, b);
    check(p.name + " (Eigen)", fit.x, {plain.data(), fit.x.size()});
    if (!answer.is_null()) check(p.name + " (SciPy)", fit.x, files.get(p.name + ".scipy"));
    for (auto const set : kvt::usable_instruction_sets())
        if (kvt::numeric::nnls(p.columns, p.unknowns, p.y, set).x != fit.x)
            refuse(p.name + ": instruction sets differ");

    double const ours = bench::seconds_of([&] { (void)kvt::numeric::nnls(p.columns, p.unknowns, p.y); });
    double const eigen = bench::seconds_of([&] { (void)lawson_hanson(a, b); }, 5);
    double const bytes = 8.0 * static_cast<double>(p.rows * (p.unknowns + 1));
    double const read = bytes / bandwidth(static_cast<std::size_t>(bytes));
    double const products = static_cast<double>(p.rows * p.unknowns * p.unknowns) / product_rate();
    print_row(p.name, peer_seconds(answer, at), eigen, ours, std::max(read, products),
              products > read ? "half of X'X by Eigen's product" : "one reading of the rows", 8,
              p.unknowns <= 4 ? 3 : 0);
}

void batch(problem const& p, bench::exchange const& files, kvt::json const& answer) {
    constexpr std::size_t count = 20'000;
    std::vector<double> x(count * 3), residuals(count);
    kvt::numeric::nnls_problems const all{8, 3, p.columns, p.y, x, residuals};
    auto const summary = nnls_batch(all);
    if (!answer.is_null()) check("batch (SciPy)", x, files.get("batch.scipy"));
    double const ours = bench::seconds_of([&] { nnls_batch(all); });
    auto const solve = [&](std::size_t i) {
        return lawson_hanson({p.columns.data() + i * 24, 8, 3}, {p.y.data() + i * 8, 8});
    };
    for (std::size_t i = 0; i < count; ++i) {
        Eigen::VectorXd const plain = solve(i);
        check("batch (Eigen)", {x.data() + i * 3, 3}, {plain.data(), 3});
    }
    double const eigen = bench::seconds_of(
        [&] {
            for (std::size_t i = 0; i < count; ++i) (void)solve(i);
        },
        5);
    double const bytes = 8.0 * count * 32;
    print_row("20,000 of 8x3", peer_seconds(answer, 3), eigen, ours, bytes / bandwidth(static_cast<std::size_t>(bytes)),
              "one reading of the rows", 50, 0);
    std::printf("  of the 20,000, %lld went through the triangle\n", static_cast<long long>(summary.from_triangle));
}

}  // namespace

/// Usage: bench_nnls. Refuses to time what is not equal.
int main() try {
    std::vector<problem> const problems{{1000, 3}, {100'000, 3}, {2000, 200}};
    problem small{8 * 20'000, 3};  // cut into problems of eight rows and three columns: any numbers will do
    bench::exchange files;
    for (auto const& p : problems) files.put(p.name + ".columns", p.columns), files.put(p.name + ".values", p.y);
    files.put("batch.columns", small.columns), files.put("batch.values", small.y);
    auto const answer = files.run("nnls.py");
    if (!answer.is_null()) std::printf("SciPy %s; ", answer.at("version").text().c_str());
    std::printf("Eigen uses %s; answers equal within 1e-9; one core, microseconds\n",
                Eigen::SimdInstructionSetsInUse());
    std::printf("%-16s %10s %10s %10s %24s %24s   %s\n", "rows x unknowns", "SciPy", "Eigen L-H", "kvt", "/ SciPy",
                "/ Eigen", "limit");
    for (std::size_t i = 0; i < problems.size(); ++i) one(problems[i], files, answer, i);
    batch(small, files, answer);
    bench::print_load();
} catch (std::exception const& e) {
    std::fprintf(stderr, "bench_nnls: %s\n", e.what());
    return 1;
}
