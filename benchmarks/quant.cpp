// Quantization beside memory and NumPy, and what validation, smoothing and optimization add to it. One core.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // both: gcc 12's own AVX-512 header, under Eigen
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

#include "peer.hpp"

#include <kvt/core/random.hpp>
#include <kvt/quant/bounded_smoothness.hpp>
#include <kvt/quant/coordinate_descent.hpp>
#include <kvt/quant/encode.hpp>
#include <kvt/quant/kernel_smoothing.hpp>
#include <kvt/quant/quantize_tensor.hpp>
#include <kvt/quant/smoothness.hpp>

#include <Eigen/Core>

#include <cmath>
#include <optional>

namespace {

namespace quant = kvt::quant;
using kvt::tensor::view;

void refuse(std::string const& what) {
    std::fprintf(stderr, "bench_quant: %s\n", what.c_str());
    std::exit(1);
}

double seconds_of(auto const& f) {
    auto const start = std::chrono::steady_clock::now();
    f();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

/// Bell-shaped values in four quarters that are 1, 1.5, 2 and 2.5 times as wide.
std::vector<float> ramp(std::size_t n) {
    std::vector<float> values(n);
    kvt::random_stream stream{1, "ramp"};
    for (std::size_t i = 0; i < n; ++i) {
        double const sum = stream.unit() + stream.unit() + stream.unit() + stream.unit() - 2;
        values[i] = static_cast<float>(sum * (1 + 0.5 * static_cast<double>(4 * i / n)));
    }
    return values;
}

view view_of(std::span<float const> values) {
    return {"ramp", kvt::tensor::element::f32, {static_cast<std::int64_t>(values.size())}, std::as_bytes(values)};
}

/// Headline and bounded score of a tensor's time groups.
std::pair<double, double> validate(quant::tensor_codes const& t, std::int32_t bits) {
    std::vector<quant::value_range> ranges;
    std::vector<double> scale, zero_point, offset;
    for (auto const& seen : t.time_groups) {
        auto const p = quant::affine::over(seen.range(), bits).stored(4);
        scale.push_back(p.scale), zero_point.push_back(p.zero_point()), offset.push_back(p.offset);
    }
    return {quant::headline_for(bits)(scale, zero_point).score, quant::bounded{}(scale, offset, bits).score};
}

/// One way of quantizing the whole input.
struct way {
    char const* name;
    std::int32_t bits;
    std::optional<std::int64_t> group_size;
    std::size_t tensors;
    quant::pass_output what;
    double passes;  ///< times that the values come from memory
    double target;  ///< of input bytes a second to bytes read a second
    std::vector<double> seconds{};
};

class throughput {
  public:
    throughput() {
        using enum quant::pass_output;
        for (std::int32_t const bits : {8, 4, 2}) {
            double const target = bits == 8 ? 0.5 : bits == 2 ? 0.3 : 0;
            ways_.push_back({"one tensor", bits, {}, 1, codes, 2, target});
            ways_.push_back({"16 tensors, 62.5 MB each", bits, {}, 16, codes, 2, target});
            ways_.push_back({"one tensor, groups of 4096", bits, 4096, 1, codes, 1, 0});
            ways_.push_back({"one tensor, groups of 128", bits, 128, 1, codes, 1, 0});
            ways_.push_back({"one tensor, errors too", bits, {}, 1, both, 2, 0});
        }
    }

    void run() {
        bench::exchange files;
        files.put_bytes("values", std::as_bytes(std::span{values_}));
        auto numpy = files.run("quant.py");
        check(numpy, files);
        for (int round = 0; round < 7; ++round) {
            reading_.push_back(seconds_of([&] { kept_ = map_.sum(); }));
            copying_.push_back(seconds_of([&] { std::memcpy(copy_.data(), values_.data(), copy_.size() * 4); }));
            for (auto& w : ways_) w.seconds.push_back(seconds_of([&] { take(w); }));
        }
        if (!numpy.is_null()) sooner(numpy, files.run("quant.py"));  // once more, lest the machine was busier then
        print(numpy);
    }

  private:
    /// All tensors of a way; answers nothing, the codes of the last one stay.
    void take(way const& w) {
        auto const n = values_.size() / w.tensors;
        for (std::size_t k = 0; k < w.tensors; ++k) {
            quant::asymmetric const q{w.bits};
            quant::quantize_tensor(view_of(std::span{values_}.subspan(k * n, n)), quant::quantizer_rule::of(q),
                                   {4, w.group_size}, 4, w.what, out_);
            score_ = validate(out_, w.bits).first;
        }
    }

    static void sooner(kvt::json& best, kvt::json const& again) {
        if (again.is_null()) return;
        for (auto const* kind : {"exact", "quick"})
            for (std::size_t i = 0; i < 3; ++i)
                best[kind].items()[i] = std::min(best.at(kind).items()[i].real(), again.at(kind).items()[i].real());
    }

    void check(kvt::json const& numpy, bench::exchange const& files) {
        if (numpy.is_null()) return;
        for (std::size_t i = 0; i < 3; ++i) {
            auto const bits = 8 >> i;
            take({"", bits, {}, 1, quant::pass_output::codes, 0, 0});
            if (!files.holds("codes" + std::to_string(bits), std::as_bytes(std::span{out_.codes})))
                refuse("NumPy's codes differ at " + std::to_string(bits) + " bits");
            if (std::abs(numpy.at("score").items()[i].real() - score_) > 1e-12) refuse("NumPy's score differs");
        }
    }

    void print(kvt::json const& numpy) const {
        double const input = static_cast<double>(values_.size() * 4), reads = input / median(reading_);
        double const copies = 2 * static_cast<double>(copy_.size() * 4) / median(copying_);
        std::printf("quantize and validate 1 GB of F32 in 4 time groups; one core; medians of 7 interleaved rounds,\n"
                    "ratios to NumPy of the fastest\n");
        std::printf("memory: %.1f GB/s read (Eigen's sum, %s), %.1f GB/s read and written (memcpy)\n", reads / 1e9,
                    Eigen::SimdInstructionSetsInUse(), copies / 1e9);
        if (!numpy.is_null())
            std::printf("NumPy %s: the same bytes and score in binary64\n", numpy.at("version").text().c_str());
        std::printf("%-4s %-27s %7s %7s %23s %8s %23s %26s %13s\n", "", "", "ms", "GB/s", "of reading (target)",
                    "traffic", "of reading (target)", "NumPy exact / kvt", "quick / kvt");
        for (auto const& w : ways_) {
            double const s = median(w.seconds), traffic = (w.passes * input + input * w.bits / 32) / s;
            bool const peer =
                !numpy.is_null() && w.tensors == 1 && !w.group_size && w.what == quant::pass_output::codes;
            std::printf("INT%d %-27s %7.1f %7.2f %s %8.1f %s", w.bits, w.name, 1e3 * s, input / s / 1e9,
                        share(input / s / reads, w.target).c_str(), traffic / 1e9,
                        share(traffic / reads, w.target).c_str());
            if (!peer) std::printf("\n");
            else
                std::printf(" %s %8.1f x\n", bench::against(ratio(numpy, "exact", w), 5, true).c_str(),
                            ratio(numpy, "quick", w));
        }
        if (!numpy.is_null())
            std::printf(
                "quick: binary32 throughout; its packed bytes differ in %lld, %lld, %lld places at 8, 4, 2 bits\n",
                differ(numpy, 0), differ(numpy, 1), differ(numpy, 2));
        std::printf(
            "traffic: reads of the values (two passes unless groups or tensors fit a cache) and writes of codes\n");
    }
    /// The fastest of either side.
    static double ratio(kvt::json const& numpy, char const* kind, way const& w) {
        auto const at = static_cast<std::size_t>(w.bits == 8 ? 0 : w.bits == 4 ? 1 : 2);
        return numpy.at(kind).items()[at].real() / *std::ranges::min_element(w.seconds);
    }
    static long long differ(kvt::json const& numpy, std::size_t at) { return numpy.at("differ").items()[at].integer(); }
    static std::string share(double value, double target) {
        char text[64];
        if (target == 0) std::snprintf(text, sizeof text, "%6.2f %15s", value, "");
        else std::snprintf(text, sizeof text, "%6.2f (%3g: %s)", value, target, value >= target ? "held  " : "missed");
        return text;
    }

    std::vector<float> values_ = ramp(250'000'000);
    std::vector<float> copy_ = std::vector<float>(125'000'000);
    Eigen::Map<Eigen::ArrayXf const> map_{values_.data(), static_cast<Eigen::Index>(values_.size())};
    std::vector<double> reading_, copying_;
    std::vector<way> ways_;
    quant::tensor_codes out_;
    double volatile kept_ = 0;
    double score_ = 0;
};

/// Codes back to values, beside the plain loop: a table of what each code stands for, one code at a time.
class decoding {
  public:
    void print() {
        std::printf("\nvalues from packed codes, %zu of them to F32; one core; medians of 11 interleaved rounds\n", n);
        std::printf("%-4s %9s %9s %11s %11s %11s\n", "", "kvt, ms", "GB/s", "plain, ms", "plain / kvt", "AVX2, ms");
        for (std::int32_t const bits : {8, 4, 2}) row(bits);
        std::printf(
            "GB/s: of codes read and values written. Before anything is timed, the values are compared bit by bit\n");
    }

  private:
    static constexpr std::size_t n = 64'000'000;

    void row(std::int32_t bits) {
        quant::asymmetric const q{bits};
        auto const grid = q.grid();
        auto const p = q.parameters({-1.9, 1.7});
        kvt::random_stream stream{2, "codes"};
        std::vector<std::uint8_t> codes(quant::packed_bytes(n, bits));
        for (auto& c : codes) c = static_cast<std::uint8_t>(stream.next());
        auto const fast = [&] { quant::decode(codes, 0, p, grid, std::span{values_}); };
        auto const slow = [&] { plainly(codes, p, grid); };
        auto const middle = [&] {
            quant::decode(codes, 0, p, grid, std::span{values_},
                          std::min(kvt::best_instruction_set(), kvt::instruction_set::avx2));
        };
        slow();
        auto const wanted = values_;
        for (auto const set : kvt::usable_instruction_sets()) {
            std::ranges::fill(values_, 0.0F);
            quant::decode(codes, 0, p, grid, std::span{values_}, set);
            if (std::memcmp(wanted.data(), values_.data(), 4 * n) != 0) refuse("decoded values differ");
        }
        std::vector<double> seconds[3];
        for (int round = 0; round < 11; ++round) {
            seconds[0].push_back(seconds_of(fast));
            seconds[1].push_back(seconds_of(slow));
            seconds[2].push_back(seconds_of(middle));
        }
        double const s = median(seconds[0]), bytes = static_cast<double>(codes.size() + 4 * n);
        std::printf("INT%d %9.1f %9.2f %11.1f %9.1f x %11.1f\n", bits, 1e3 * s, bytes / s / 1e9,
                    1e3 * median(seconds[1]), median(seconds[1]) / s, 1e3 * median(seconds[2]));
    }
    void plainly(std::vector<std::uint8_t> const& codes, quant::affine const& p, quant::code_grid const& grid) {
        float value[256];
        for (std::int32_t c = 0; c <= quant::top_code(grid.bits); ++c)
            value[c] = static_cast<float>(p.decode(grid.read(static_cast<std::uint8_t>(c))));
        auto const per_byte = static_cast<std::size_t>(8 / grid.bits);
        auto const top = quant::top_code(grid.bits);
        for (std::size_t i = 0; i < n; ++i)
            values_[i] = value[codes[i / per_byte] >> (static_cast<std::int32_t>(i % per_byte) * grid.bits) & top];
    }

    std::vector<float> values_ = std::vector<float>(n);
};

/// Quantization with and without what a phase adds, over the same values.
class overhead {
  public:
    overhead(std::size_t n, std::int32_t bits)
        : bits_{bits}, values_{ramp(n)}, view_{view_of(values_)}, bounds_{quant::balanced_bounds(n, 4)},
          codes_(quant::packed_bytes(n, bits)) {}

    void print() {
        auto const plain = [&] { code(parameters(ranges())); };
        auto const validated = [&] {
            auto const p = parameters(ranges());
            kept_ = score(p);
            code(p);
        };
        auto const refined = [&](auto const& policy) {
            auto const start = ranges();
            auto const p = parameters(policy(quant::grouped_values{values_, bounds_, bits_, 4}, start).ranges);
            kept_ = score(p);
            code(p);
        };
        using enum quant::evaluation;
        std::vector<double> base, seconds[6];
        for (int round = 0; round < 21; ++round) {
            base.push_back(seconds_of(plain));
            seconds[0].push_back(seconds_of(validated));
            for (int k = 1; k < 6; ++k) {
                quant::kernel_smoothing smooth;
                quant::coordinate_descent descent;
                smooth.evaluate = k == 1 ? exact : k == 2 ? histogram : estimate;
                descent.evaluate = k == 4 ? histogram : estimate;
                seconds[k].push_back(seconds_of([&] { k < 4 ? refined(smooth) : refined(descent); }));
            }
        }
        double const without = median(base), targets[] = {1, 10, 10, 10, 15, 15};
        std::printf("%9zu INT%d %9.2f", values_.size(), bits_, 1e3 * without);
        for (int k = 0; k < 6; ++k) {
            double const share = 100 * (median(seconds[k]) - without) / without;
            std::printf(" %8.1f %-6s", share, share < targets[k] ? "met" : "missed");
        }
        std::printf("\n");
    }

  private:
    [[nodiscard]] std::vector<quant::value_range> ranges() const {
        std::vector<quant::value_range> out;
        for (auto const& seen : quant::scan_groups(view_, bounds_)) seen.check("ramp"), out.push_back(seen.range());
        return out;
    }
    [[nodiscard]] std::vector<quant::affine> parameters(std::vector<quant::value_range> const& ranges) const {
        std::vector<quant::affine> out;
        for (auto const& r : ranges) out.push_back(quant::affine::over(r, bits_).stored(4));
        return out;
    }
    [[nodiscard]] double score(std::vector<quant::affine> const& parameters) const {
        std::vector<double> scale, zero_point, offset;
        for (auto const& p : parameters)
            scale.push_back(p.scale), zero_point.push_back(p.zero_point()), offset.push_back(p.offset);
        return quant::headline_for(bits_)(scale, zero_point).score + quant::bounded{}(scale, offset, bits_).score;
    }
    void code(std::vector<quant::affine> const& parameters) {
        auto const grid = quant::code_grid::unsigned_codes(bits_);
        (void)quant::code_groups(view_, bounds_, parameters, grid, quant::pass_output::codes, codes_);
    }

    std::int32_t bits_;
    std::vector<float> values_;
    view view_;
    std::vector<std::size_t> bounds_;
    std::vector<std::uint8_t> codes_;
    double volatile kept_ = 0;
};

}  // namespace

/// Usage: bench_quant [throughput|decode|overhead]. Refuses to time what is not equal.
int main(int argc, char** argv) try {
    std::string const only = argc > 1 ? argv[1] : "";
    if (only.empty() || only == "throughput") throughput{}.run();
    if (only.empty() || only == "decode") decoding{}.print();
    if (only.empty() || only == "overhead") {
        std::printf(
            "\nper cent added to quantization into 4 time groups (ramp), and the targets; medians of 21 interleaved\n"
            "rounds; one core\n");
        std::printf("%9s %4s %9s %15s %15s %15s %15s %15s %15s\n", "elements", "", "plain, ms", "validate (1)",
                    "smooth (10)", "checked", "estimated", "descent (15)", "estimated");
        for (std::size_t const n : {1'000'000U, 10'000'000U, 100'000'000U})
            for (std::int32_t const bits : {2, 8}) overhead{n, bits}.print();
        std::printf(
            "smooth: kernel smoothing, window 1, squared error up by 1 %% at most, of all values; by histograms and one\n"
            "check over all values; by histograms alone. descent: coordinate descent, lambda 1, by histograms and one\n"
            "check over all values; by histograms alone\n");
    }
    bench::print_load();
} catch (std::exception const& e) {
    std::fprintf(stderr, "bench_quant: %s\n", e.what());
    return 1;
}
