// `kvt quant baseline|compare|curve`: the three files, the numbers on standard output, and what is refused.
#include "process.hpp"

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

}  // namespace

TEST_CASE("baseline writes JSON, page and log, says what to do, and gives the same bytes for any threads") {
    workplace place;
    auto const r = baseline(place, {"--html-report", "b.html", "--threads", "1"});
    CHECK(r.code == 0);
    CHECK(said(r.out, "smoothness 0.9251"));
    CHECK(said(r.out, "excellent: "));
    for (auto const* file : {"baseline_metrics.json", "b.html", "baseline_metrics.log", "out/model.safetensors"})
        CHECK(said(r.out, std::string{"wrote "} + file));
    auto found = kvt::parse_json(slurp(place / "baseline_metrics.json"));
    CHECK(found.at("model_name").text() == "recall");
    CHECK(found.at("layers").size() == 29);
    auto const log = slurp(place / "baseline_metrics.log");
    CHECK(said(log, "INFO configuration: model config/models/recall"));
    CHECK(said(log, "INFO band excellent"));
    auto const page = slurp(place / "b.html");
    CHECK(said(page, "0.9251"));
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
    refused(baseline(place, {"--symmetric", "--optimize"}), 2, "--symmetric");
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
