// `kvt quant baseline|compare|curve`: the three files, the numbers on standard output, and what is refused.
#include "process.hpp"

#include <kvt/core/format_number.hpp>
#include <kvt/core/json.hpp>
#include <kvt/tensor/safetensors_writer.hpp>

#include <doctest/doctest.h>

using namespace e2e;

namespace {

bool said(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

std::vector<std::string> const model{"--model", "config/models/recall", "--output", "out"};

result baseline(workplace& place, std::vector<std::string> const& more) {
    std::vector<std::string> arguments{"quant", "baseline", "-q"};
    arguments.insert(arguments.end(), model.begin(), model.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return e2e::kvt(place, arguments);
}

void refused(result const& r, int code, std::string const& words) {
    INFO("standard error: ", r.err);
    CHECK(r.code == code);
    CHECK(r.err_lines() == 1);
    CHECK(said(r.err, words));
    CHECK(r.out.empty());
}

/// A model of 24 tensors whose quantization takes a while: 96 MB.
void make_large_model(fs::path const& path) {
    kvt::tensor::dense_set large;
    std::vector<float> values(std::size_t{1} << 20);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>((i * 7919) % 10007) / 5000 - 1 + static_cast<float>(i) * 1e-6F;
    for (int t = 0; t < 24; ++t)
        large.put("t" + std::to_string(100 + t), {static_cast<std::int64_t>(values.size())}, values);
    spit(path, kvt::tensor::safetensors_bytes(large));
}

std::vector<std::string> names_in(fs::path const& folder) {
    std::vector<std::string> out;
    if (fs::exists(folder))
        for (auto const& entry : fs::directory_iterator{folder}) out.push_back(entry.path().filename().string());
    return out;
}

/// Starts a baseline and sends it a signal while it writes the model; none where it was too quick.
std::optional<result> interrupted(workplace& place, int signal) {
    process p{place, {"quant", "baseline", "-q", "--threads", "1", "--model", "large.safetensors", "--output", "out"}};
    if (!eventually([&] { return !names_in(place / "out").empty(); }, 60)) return std::nullopt;
    p.kill(signal);
    auto r = p.wait();
    if (r.code == 0) return std::nullopt;
    return r;
}

}  // namespace

TEST_CASE("baseline writes JSON, page and log, says what to do, and gives the same bytes for any threads") {
    workplace place;
    auto const r = baseline(place, {"--html-report", "b.html", "--threads", "1"});
    CHECK(r.code == 0);
    CHECK(said(r.out, "excellent: "));
    for (auto const* file : {"baseline_metrics.json", "b.html", "baseline_metrics.log", "out/model.safetensors"})
        CHECK(said(r.out, std::string{"wrote "} + file));
    auto found = kvt::parse_json(slurp(place / "baseline_metrics.json"));
    CHECK(found.at("model_name").text() == "recall");
    CHECK(found.at("layers").size() == 29);
    auto const score = ::kvt::fixed(found.at("smoothness_score").real(), 4);
    CHECK(said(r.out, "smoothness " + score));
    auto const log = slurp(place / "baseline_metrics.log");
    CHECK(said(log, "INFO configuration: model config/models/recall"));
    CHECK(said(log, "INFO band excellent"));
    auto const page = slurp(place / "b.html");
    CHECK(said(page, score));
    CHECK_FALSE(said(page, "<script"));
    auto const packed = slurp(place / "out/model.safetensors");

    CHECK(baseline(place, {"--report", "again.json", "--threads", "3"}).code == 0);
    auto again = kvt::parse_json(slurp(place / "again.json"));
    CHECK(slurp(place / "out/model.safetensors") == packed);
    for (auto* m : {&found, &again}) (*m)["quantization_time_s"] = 0;
    CHECK(found == again);
}

TEST_CASE("phases, symmetric codes, runs, the ladder of widths") {
    workplace place;
    auto const both = baseline(place, {"--smooth", "cubic", "--window", "2", "--optimize", "--json"});
    CHECK(both.code == 0);
    auto const found = kvt::parse_json(both.out);
    CHECK(found.at("phases").size() == 3);
    CHECK(found.at("phases").items()[2].at("smoothness_score").real() > 0.95);
    CHECK(baseline(place, {"--symmetric", "--bit-width", "8"}).code == 0);
    auto const ladder = baseline(place, {"--symmetric", "--fallback", "--json"});
    CHECK(kvt::parse_json(ladder.out).at("bit_width").integer() == 4);
    CHECK(said(kvt::dump(kvt::parse_json(ladder.out).at("warnings")), "INT2 reached a cosine of"));
    auto const runs = baseline(place, {"--group-size", "32", "--json"});
    CHECK(kvt::parse_json(runs.out).at("group_size").integer() == 32);
}

TEST_CASE("a preset gives way to flags on either side of it, and policies are found by name") {
    workplace place;
    auto const edge = kvt::parse_json(baseline(place, {"--preset", "edge", "--json"}).out);
    CHECK(edge.at("bit_width").integer() == 2);
    CHECK(edge.at("num_time_groups").integer() == 5);
    CHECK(edge.at("group_size").integer() == 256);
    CHECK(edge.at("cosine_threshold").real() == 0.65);
    CHECK(said(slurp(place / "baseline_metrics.log"), "preset edge"));
    auto const cloud = kvt::parse_json(
        baseline(place, {"--num-time-groups", "3", "--preset", "cloud", "--group-size", "7", "--json"}).out);
    CHECK(cloud.at("bit_width").integer() == 8);
    CHECK(cloud.at("num_time_groups").integer() == 3);
    CHECK(cloud.at("group_size").integer() == 7);
    CHECK(cloud.at("cosine_threshold").real() == 0.95);
    refused(baseline(place, {"--preset", "moon"}), 2, "--preset");

    auto const search = kvt::parse_json(baseline(place, {"--optimize", "--optimizer", "range_search", "--json"}).out);
    CHECK(search.at("phases").items()[1].at("phase").text() == "optimize (range_search)");
    refused(baseline(place, {"--optimize", "--optimizer", "range_serch"}), 2, "did you mean range_search?");
    refused(baseline(place, {"--quantizer", "round"}), 2, "one of asymmetric, symmetric");
    auto const named = kvt::parse_json(baseline(place, {"--quantizer", "symmetric", "--json"}).out);
    CHECK(named.at("scheme").text() == "symmetric");
    CHECK(named.at("layers").items()[0].at("suggested_bit_width").is_null());
    CHECK(said(baseline(place, {"--suggest-widths"}).out, "entropy suggests INT2 for"));
    refused(baseline(place, {"--quantizer", "asymmetric", "--symmetric"}), 2, "--symmetric");
}

TEST_CASE("what is refused is refused in one line, named in the log, with nothing half written") {
    workplace place;
    refused(baseline(place, {"--bit-width", "3"}), 2, "invalid_bit_width");
    CHECK(said(slurp(place / "baseline_metrics.log"), "ERROR bit width 3: invalid_bit_width"));
    refused(baseline(place, {"--num-time-groups", "0"}), 2, "invalid_time_groups");
    refused(baseline(place, {"--group-size", "0"}), 2, "invalid_group_size");
    refused(baseline(place, {"--smoothness-threshold", "1.2"}), 2, "invalid_smoothness_threshold");
    refused(baseline(place, {"--smooth", "quartic"}), 2, "invalid_interpolation");
    refused(baseline(place, {"--smooth", "linear", "--window", "0"}), 2, "invalid_window_size");
    refused(baseline(place, {"--smooth", "linear", "--group-size", "32"}), 2, "group size");
    refused(baseline(place, {"--optimize", "--lambda", "-1"}), 2, "invalid_weight");
    refused(baseline(place, {"--optimize", "--max-sweeps", "0"}), 2, "invalid_max_iterations");
    refused(baseline(place, {"--symmetric", "--optimize"}), 2,
            "--symmetric with --optimize: --optimize moves both ends of a group's range, and codes around zero "
            "(--symmetric) follow its larger end alone; expected --optimize without --symmetric, or --symmetric alone");
    refused(baseline(place, {"--symmetric", "--smooth", "linear"}), 2,
            "--symmetric with --smooth: --smooth moves both");
    refused(baseline(place, {"--calibration", "a.jsonl", "--optimize"}), 2, "--calibration");
    refused(baseline(place, {"--calibration", "none.jsonl"}), 2, "none.jsonl");
    CHECK_FALSE(fs::exists(place / "baseline_metrics.json"));
    CHECK_FALSE(fs::exists(place / "out"));

    spit(place / "a/file", "x");
    refused(baseline(place, {"--report", "a/file/b.json"}), 1, "a/file");
    refused(baseline(place, {"--log", "a/file/b.log"}), 1, "a/file");
    refused(e2e::kvt(place, {"quant", "baseline", "--model", "a", "--output", "o"}), 2, "model_not_found");
    refused(e2e::kvt(place, {"quant", "baseline", "--model", "a"}), 2, "--output");
    refused(e2e::kvt(place, {"quant", "baseline", "--model", "x.safetensors", "--output", "o"}), 2, "x.safetensors");

    kvt::tensor::dense_set tiny;
    tiny.put("a", {2}, {1, 2});
    spit(place / "tiny.safetensors", kvt::tensor::safetensors_bytes(tiny));
    refused(e2e::kvt(place, {"quant", "baseline", "-q", "--model", "tiny.safetensors", "--output", "o"}), 2,
            "no_quantizable_tensors");
    refused(e2e::kvt(place, {"quant", "compare", "--repetitions", "5"}), 2, "20 or more");

    kvt::tensor::dense_set nan;
    nan.put("layers.0.w", {4}, {1, 2, std::numeric_limits<float>::quiet_NaN(), 4});
    spit(place / "nan.safetensors", kvt::tensor::safetensors_bytes(nan));
    refused(e2e::kvt(place, {"quant", "baseline", "-q", "--model", "nan.safetensors", "--output", "o"}), 2,
            "nan.safetensors, tensor layers.0.w: non_finite_input: 1 NaN and 0 infinite of 4 values");
}

TEST_CASE("no output replaces the model, an input or another output") {
    workplace place;
    fs::copy(fs::path{environment("KVT_ROOT")} / "config/models/recall", place / "m");
    auto const before = slurp(place / "m/model.safetensors");
    auto const run = [&](std::vector<std::string> const& more) {
        std::vector<std::string> arguments{"quant", "baseline", "-q", "--model"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return e2e::kvt(place, arguments);
    };
    refused(run({"m", "--output", "m"}), 2, "lies in the folder of the model");
    refused(run({"m/model.safetensors", "--output", "m"}), 2, "would replace the model");
    refused(run({"m", "--output", "a/../m"}), 2, "lies in the folder of the model");
    refused(run({"m", "--output", "o", "--report", "m/config.json"}), 2, "--report lies in");
    refused(run({"m", "--output", "o", "--log", "m/tokenizer.json"}), 2, "--log lies in");
    refused(run({"m/model.safetensors", "--output", "o", "--log", "m/model.safetensors"}), 2,
            "would replace the model");
    refused(run({"m", "--output", "o", "--report", "a.json", "--html-report", "a.json"}), 2, "would replace --report");
    refused(run({"m", "--output", "o", "--report", "o/model.safetensors"}), 2, "would replace --report");
    refused(run({"m", "--output", ""}), 2, "after --output: an empty value");
    refused(run({"m", "--output", "o", "--lambda", "nan"}), 2, "invalid_weight");
    refused(run({"m", "--output", "o", "--bit-width", "4294967298"}), 2, "invalid_bit_width");
    CHECK(slurp(place / "m/model.safetensors") == before);
    CHECK_FALSE(fs::exists(place / "o"));
    CHECK(run({"m", "--output", "o"}).code == 0);
    refused(run({"o", "--output", "p"}), 2, "is quantized already");
}

TEST_CASE("compare and curve: tables, files, the same for the same seeds") {
    workplace place;
    auto const table =
        e2e::kvt(place, {"quant", "compare", "--bits", "2", "--seeds", "2", "--repetitions", "0", "-o", "out"});
    CHECK(table.code == 0);
    for (auto const* words : {"ramp, INT2, 2 seeds", "irregular, INT2", "near_constant, INT2", "control: range search",
                              "control: finite differences", "phase 3: smoothness >= 0.90 in 2 of 2"})
        CHECK(said(table.out, words));
    auto const rows = kvt::parse_json(slurp(place / "out/compare.json"));
    CHECK(rows.size() == 3 * 2 * 7);
    auto const csv = slurp(place / "out/compare.csv");
    CHECK(
        e2e::kvt(place, {"quant", "compare", "--bits", "2", "--seeds", "2", "--repetitions", "0", "-o", "out"}).code ==
        0);
    CHECK(slurp(place / "out/compare.csv") == csv);

    auto const curve = e2e::kvt(place, {"quant", "curve", "--model", "config/models/recall", "--bits", "2", "--lambda",
                                        "1,0", "-o", "out", "--json"});
    CHECK(curve.code == 0);
    auto const points = kvt::parse_json(curve.out);
    REQUIRE(points.size() == 2);
    CHECK(points.items()[0].at("lambda").real() == 0);
    CHECK(points.items()[0].at("smoothness_score_bounded").real() <
          points.items()[1].at("smoothness_score_bounded").real());
    CHECK(fs::exists(place / "out/curve_int2.svg"));
    refused(e2e::kvt(place, {"quant", "compare", "--num-time-groups", "3"}), 2, "--model");
    refused(e2e::kvt(place, {"quant", "compare", "--suite", "flat"}), 2, "ramp, irregular or near_constant");
    refused(e2e::kvt(place, {"quant", "curve", "--bits", "3"}), 2, "invalid_bit_width");
}

TEST_CASE("compare and curve of a model give the same bytes for any number of threads") {
    workplace place;
    std::vector<std::string> first;
    for (std::string const threads : {"1", "2", "5"}) {
        auto const run = [&](std::vector<std::string> arguments) {
            arguments.insert(arguments.end(), {"-q", "--model", "config/models/recall", "--threads", threads});
            auto const r = e2e::kvt(place, arguments);
            INFO("standard error: ", r.err);
            CHECK(r.code == 0);
            return r.out;
        };
        std::vector<std::string> found{
            run({"quant", "compare", "--bits", "2,4", "--repetitions", "0", "-o", "out"}),
            run({"quant", "compare", "--bits", "8", "--json"}),
            run({"quant", "curve", "--bits", "2", "--lambda", "0,1", "-o", "out"}),
        };
        for (auto const* file : {"out/compare.csv", "out/compare.json", "out/curve.csv", "out/curve_int2.svg"})
            found.push_back(slurp(place / file));
        CHECK(said(found[0], "recall, INT4"));
        CHECK(kvt::parse_json(found[1]).size() == 7);
        if (first.empty()) first = found;
        CHECK(found == first);
    }
    auto const suites = [&](std::string const& threads) {
        return e2e::kvt(place, {"quant", "compare", "-q", "--bits", "2", "--seeds", "3", "--repetitions", "0",
                                "--threads", threads})
            .out;
    };
    CHECK(suites("1") == suites("5"));
}

TEST_CASE("what asks a run to stop leaves nothing half written; what a killed one left is replaced") {
    workplace place;
    make_large_model(place / "large.safetensors");
    for (int const signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        CAPTURE(signal);
        std::optional<result> r;
        for (int attempt = 0; attempt < 5 && !r; ++attempt) r = interrupted(place, signal);
        REQUIRE(r);
        CHECK(r->signal == 0);
        refused(*r, 1, "stopped before every tensor was written");
        CHECK(names_in(place / "out").empty());
        CHECK(said(slurp(place / "baseline_metrics.log"), "ERROR out/model.safetensors: stopped"));
    }
    std::optional<result> r;
    for (int attempt = 0; attempt < 5 && !r; ++attempt) r = interrupted(place, SIGKILL);
    REQUIRE(r);
    CHECK(r->signal == SIGKILL);
    CHECK(names_in(place / "out") == std::vector<std::string>{"model.safetensors.part"});
    CHECK(e2e::kvt(place, {"quant", "baseline", "-q", "--model", "large.safetensors", "--output", "out"}).code == 0);
    CHECK(names_in(place / "out") == std::vector<std::string>{"model.safetensors"});
    auto const packed = fs::file_size(place / "out/model.safetensors");
    CHECK(packed > 6'000'000);
    CHECK(packed < 7'000'000);
}

TEST_CASE("a reader that goes away ends a run, and nothing half written stays") {
    workplace place;
    make_large_model(place / "large.safetensors");
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    auto const program = environment("KVT_COMMAND"), root = place.path().string();
    auto const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::dup2(ends[1], 1), ::dup2(ends[1], 2);
        ::signal(SIGPIPE, SIG_DFL);
        ::setenv("KVT_ROOT", root.c_str(), 1);
        if (::chdir(root.c_str()) != 0) ::_exit(126);
        ::execl(program.c_str(), program.c_str(), "quant", "baseline", "--model", "large.safetensors", "--output",
                "out", "--threads", "1", nullptr);
        ::_exit(127);
    }
    ::close(ends[0]), ::close(ends[1]);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 1);
    CHECK(names_in(place / "out").empty());
}

TEST_CASE("two runs at a time have a log each, or the second is refused") {
    workplace place;
    make_large_model(place / "large.safetensors");
    process first{place, {"quant", "baseline", "-q", "--model", "large.safetensors", "--output", "one"}};
    REQUIRE(eventually([&] { return said(slurp(place / "baseline_metrics.log"), "configuration"); }));
    auto const second = baseline(place, {});
    bool const together = first.running();
    if (together) refused(second, 1, "baseline_metrics.log: another run is writing its log there");
    CHECK(first.wait().code == 0);
    auto const log = slurp(place / "baseline_metrics.log");
    if (together) {
        CHECK(said(log, "model large.safetensors"));
        CHECK_FALSE(said(log, "config/models/recall"));
        CHECK_FALSE(fs::exists(place / "out"));
    }
    CHECK(baseline(place, {"--log", "own.log"}).code == 0);
    CHECK(slurp(place / "baseline_metrics.log") == log);
}

TEST_CASE("a newcomer's mistakes are answered in one line") {
    workplace place;
    spit(place / "file", "x");
    fs::create_directories(place / "empty");
    auto const run = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "quant");
        return e2e::kvt(place, arguments);
    };
    refused(run({"nonsense"}), 2,
            "kvt: nonsense: not a command of `kvt quant` (expected one of baseline, compare, curve, cache)");
    refused(run({}), 2, "A subcommand is required");
    refused(run({"baseline", "-q", "--model", "empty", "--output", "o"}), 2, "model_not_found");
    spit(place / "x.safetensors.index.json", "{\"weight_map\":");
    scratch_folder const other;
    refused(run({"baseline", "-q", "--model", "x.safetensors.index.json", "--output", other / "o", "--report",
                 other / "r.json", "--log", other / "l.log"}),
            2, "kvt: x.safetensors.index.json: ");
    refused(run({"baseline", "-q", "--model", "x.safetensors.index.json", "--output", "o"}), 2,
            "lies in the folder of the model");
    refused(baseline(place, {"--group-size", "99999999999999999999"}), 2, "99999999999999999999 is beyond 64 bits");
    refused(baseline(place, {"--bit-width", "-99999999999999999999"}), 2, "is beyond 64 bits");
    refused(baseline(place, {"--smoothness-threshold", "nan"}), 2, "invalid_smoothness_threshold");
    refused(baseline(place, {"--threads", "1", "--threads", "2"}), 2, "--threads");
    refused(baseline(place, {"--calibration", "empty"}), 2, "empty: is a folder; expected a file");
    for (std::string const command : {"compare", "curve"}) {
        CAPTURE(command);
        refused(run({command, "-q", "--model", "none"}), 2, "model_not_found");
        refused(run({command, "-q", "--model", "empty"}), 2, "model_not_found");
        refused(run({command, "-q", "--model", "file"}), 2, "file: header_too_small");
        refused(run({command, "-q", "--model", "config/models/recall", "--num-time-groups", "0"}), 2,
                "invalid_time_groups");
        refused(run({command, "-q", "--model", "config/models/recall", "--smoothness-threshold", "nan"}), 2,
                "invalid_smoothness_threshold");
        refused(run({command, "-q", "--bits", "2", "--lambda", "nan"}), 2, "invalid_weight");
        refused(run({command, "-q", "--bits", "2", "--max-sweeps", "0"}), 2, "invalid_max_iterations");
        refused(run({command, "-q", "--bits", "99999999999999999999"}), 2, "beyond 64 bits");
        refused(run({command, "-q", "--seeds", "0"}), 2, "--seeds");
        refused(run({command, "-q", "--bits", "2", "--seeds", "1", "-o", "file"}), 1, "is not a folder");
        refused(run({command, "-q", "--threads", "-1"}), 2, "--threads");
    }
}
