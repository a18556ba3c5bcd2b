#include <support/scratch_folder.hpp>

#include <doctest/doctest.h>
#include <kvt/core/json.hpp>
#include <kvt/harness/cache_study_report.hpp>
#include <kvt/report/markdown.hpp>

#include <algorithm>

using namespace kvt::harness;

namespace {

cache_findings some_findings() {
    cache_findings f;
    f.model = "<b>recall</b>", f.model_hash = std::string(64, 'a');
    f.prompts = 4, f.answered = 3, f.mean_tokens = 100;
    for (auto const part : cache_parts) {
        for (std::int64_t layer = 0; layer < 2; ++layer)
            for (std::int64_t head = 0; head < 2; ++head)
                for (std::int64_t token : {32, 64, 96})
                    f.boundaries.push_back(
                        {part, layer, head, token, 0.8 + 0.1 * static_cast<double>(head), token == 96 ? 1 : 4});
        f.predictors.push_back({.part = part,
                                .bits = 2,
                                .predictor = group_predictor::roughness,
                                .correlation = 0.1,
                                .low = -0.1,
                                .high = 0.2,
                                .prompts = 4,
                                .answer = "no"});
    }
    for (std::int64_t head = 0; head < 2; ++head)
        for (auto const p : {group_predictor::roughness, group_predictor::noise_power})
            f.heads.push_back({.part = cache_part::keys,
                               .bits = 2,
                               .head = head,
                               .predictor = p,
                               .correlation = head == 0 ? 0.25 : 0.75,
                               .low = 0.2,
                               .high = 0.8,
                               .prompts = 4});
    f.lost.push_back(
        {.part = cache_part::keys, .bits = 2, .highest = 0.125, .difference = 0.125, .low = 0, .high = 0.5});
    f.online.push_back({.part = cache_part::keys, .bits = 2, .score_before = 0.7, .score_after = 0.8, .answered = 3});
    f.mixes.push_back({.mix = cache_mix::both, .bits = 2, .group = 32, .answered = 3, .lost = 1});
    f.conclusions = {"It does not."};
    return f;
}

}  // namespace

TEST_CASE("a line a layer, heads averaged, without boundaries that few prompts reach") {
    auto const c = boundary_chart(some_findings());
    REQUIRE(c.series.size() == 4);
    for (auto const& s : c.series) {
        REQUIRE(s.points.size() == 2);
        CHECK(s.points[1].x == 64);
        CHECK(s.points[1].y == doctest::Approx(0.85));
    }
    CHECK(c.series[2].label == "layer 0, before rotation");
}

TEST_CASE("predictors with their intervals, lost answers as shares") {
    auto const predictors = predictor_chart(some_findings());
    REQUIRE(predictors.series.size() == 1);
    CHECK(predictors.series[0].points.at(0).y == 0.1);
    CHECK(*predictors.series[0].points.at(0).low == -0.1);
    auto const lost = lost_chart(some_findings());
    REQUIRE(lost.series.size() == 1);
    CHECK(lost.series[0].points.at(0).y == doctest::Approx(1.0 / 3));
}

TEST_CASE("the document holds every table and escapes names") {
    auto const text = kvt::report::markdown{}.render(cache_study_document(some_findings()));
    for (auto const* part :
         {"It does not.", "Which groups hurt", "A whole cache quantized", "1 of 3",
          "Bounded smoothness of keys after snapkv at 0.50", "0.1250 \\[0.0000, 0.5000\\]", "0.700, 0.800"})
        CHECK_MESSAGE(text.find(part) != std::string::npos, part);
    CHECK(text.find("<b>") == std::string::npos);
}

TEST_CASE("the files, and the same bytes for the same findings") {
    scratch_folder const place;
    kvt::run_context context;
    write_cache_study const write{place / "out"};
    (void)write(context, some_findings());
    CHECK(context.written().size() == 8);
    auto const first = kvt::read_file(place / "out/cache_study.md");
    CHECK(first.find("predictors.png") != std::string::npos);
    auto const appendix = first.find("Appendix: by layer and head");
    REQUIRE(appendix != std::string::npos);
    CHECK(first.find("0.25 \\[0.20, 0.80\\]", appendix) < first.find("| 0, 1", appendix));
    CHECK(first.find("0.75 \\[0.20, 0.80\\]", appendix) != std::string::npos);
    auto const back = kvt::from_json<cache_findings>(kvt::read_json_file(place / "out/cache_study.json"));
    CHECK(back.mixes.at(0).lost == 1);
    (void)write(context, some_findings());
    CHECK(kvt::read_file(place / "out/cache_study.md") == first);
}
