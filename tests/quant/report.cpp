#include "models.hpp"

#include <kvt/core/json.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/quant/baseline_charts.hpp>
#include <kvt/quant/baseline_log.hpp>
#include <kvt/quant/report.hpp>
#include <kvt/report/html.hpp>

#include <support/refusal.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using namespace kvt::quant;

namespace {

baseline_metrics three_groups() {
    baseline_metrics m;
    m.model_name = "a <b> & \"c\"";
    m.cosine_similarity = 0.8;
    std::vector<double> const scale{0, 1, 1.2}, zero_point{0, 1, 1};
    describe_smoothness(m, headline_for(2)(scale, zero_point));
    return m;
}

}  // namespace

TEST_CASE("JSON has no infinity: a jump from nothing is a word, and the field order is the format's") {
    auto const text = kvt::dump(to_valid_json(three_groups()), kvt::json_style::pretty);
    auto const read = kvt::parse_json(text);
    CHECK(read.at("violations").items().front().at("scale_jump").text() == "inf");
    CHECK(read.members().front().first == "model_name");
    CHECK(read.members()[15].first == "common_violation_patterns");
    CHECK(read.members()[16].first == "smoothness_score_bounded");
    CHECK(text.find("NaN") == std::string::npos);
}

TEST_CASE("the page escapes what it shows and says infinity in words") {
    auto const page = kvt::report::html{}.render(baseline_page(three_groups()));
    CHECK(page.find("a &lt;b&gt; &amp; ") != std::string::npos);
    CHECK(page.find("<b>") == std::string::npos);
    CHECK(page.find("<script") == std::string::npos);
    CHECK(page.find("infinite") != std::string::npos);
    CHECK(page.find("verdict danger") != std::string::npos);
}

TEST_CASE("hostile tensor names stay names in page, plots and log") {
    auto m = three_groups();
    layer_report l{.name = "</table><script>alert(1)</script>\n`$(rm)`", .elements = 9};
    l.scale = {1, 2, 3}, l.smoothness_score = 0.5, l.boundary_scores = {0.5, 0.5};
    m.layers.push_back(l);
    auto const page = kvt::report::html{}.render(baseline_page(m));
    CHECK(page.find("<script") == std::string::npos);
    for (auto const& [stem, chart] : baseline_charts(m))
        CHECK(kvt::report::gnuplot_script(chart, kvt::report::image_format::svg).find("\n`$(rm)") == std::string::npos);
    scratch_folder folder;
    kvt::run_log const log{folder / "l.log"};
    for (auto const& line : baseline_log(m)) log.write(kvt::log_level::info, line, "2026-01-01T00:00:00Z");
    auto const text = kvt::read_file(folder / "l.log");
    REQUIRE(text.ends_with('\n'));
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
        CHECK(text.compare(at, 26, "2026-01-01T00:00:00Z INFO ") == 0);
}

TEST_CASE("the log is whole after every entry, keeps its level, and names what was left out") {
    scratch_folder folder;
    kvt::run_log const log{folder / "a/l.log", kvt::log_level::warning};
    log.write(kvt::log_level::info, "not this", "T");
    log.write(kvt::log_level::error, "two\nlines", "T");
    CHECK(kvt::read_file(folder / "a/l.log") == "T ERROR two lines\n");
    kvt::run_log{std::string{}}.write(kvt::log_level::error, "nowhere", "T");

    auto m = three_groups();
    m.violations.assign(7, {});
    m.skipped_tensors.push_back({"ids", kvt::tensor::element::i64, 3, "I64"});
    m.imputed_timesteps = {2, 5};
    auto const lines = baseline_log(m);
    auto const says = [&](std::string const& what) {
        return std::ranges::any_of(lines, [&](auto const& line) { return line.find(what) != std::string::npos; });
    };
    CHECK(says("violations not shown: 2"));
    CHECK(says("skipped tensor ids: I64"));
    CHECK(says("imputed: 2, 5"));
    CHECK(says("band poor"));
}

TEST_CASE("a report is written where it is wanted, and a path that cannot be written is the work's failure") {
    scratch_folder folder;
    auto const path = sample_model(folder);
    auto const run = [&](std::string json_path) {
        kvt::run_context context;
        context.progress = kvt::progress_meter{kvt::progress_style::silent};
        auto const done = kvt::pipeline{
            load_model{path}, quantize{asymmetric{2}}, validate{},
            report{std::move(json_path), folder / "r.html", folder / "plots", kvt::run_log{folder / "r.log"}}}(context);
        return std::pair{done, context.written()};
    };
    auto const [done, files] = run(folder / "r.json");
    CHECK(kvt::read_json_file(folder / "r.json").at("smoothness_score").real() == done.metrics.smoothness_score);
    CHECK(kvt::read_file(folder / "r.html").find("<img src=\"data:image/svg+xml") != std::string::npos);
    CHECK(files.size() == 6);
    auto const e = error_of<kvt::error>([&] { (void)run(folder / "r.json/inside.json"); });
    REQUIRE(e);
    CHECK(e->exit_code() == 1);
}
