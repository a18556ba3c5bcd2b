#include <doctest/doctest.h>
#include <kvt/core/json.hpp>
#include <kvt/harness/cache_findings.hpp>

using namespace kvt::harness;

TEST_CASE("words follow from the interval") {
    CHECK(answer_in_words(0.31, 0.5) == "yes");
    CHECK(answer_in_words(0.3, 0.5) == "weakly");
    CHECK(answer_in_words(0.01, 0.9) == "weakly");
    CHECK(answer_in_words(0, 0.9) == "no");
    CHECK(answer_in_words(-0.2, 0.2) == "no");
    CHECK(answer_in_words(-0.5, 0) == "no");
    CHECK(answer_in_words(-0.5, -0.1) == "no: weakly the reverse");
    CHECK(answer_in_words(-0.5, -0.31) == "no: the reverse");
}

TEST_CASE("findings survive JSON") {
    cache_findings f;
    f.model = "m", f.prompts = 3;
    f.predictors.push_back({.part = cache_part::values,
                            .bits = 4,
                            .damage = damage_kind::answer,
                            .predictor = group_predictor::noise_power});
    f.predictors.back().low = -0.25;
    f.contrasts.push_back({.rough = {.groups = 7, .lost = 1}});
    auto const back = kvt::from_json<cache_findings>(kvt::parse_json(kvt::dump(kvt::to_json(f))));
    CHECK(back.predictors.at(0).predictor == group_predictor::noise_power);
    CHECK(*back.predictors.at(0).low == -0.25);
    CHECK(!back.predictors.at(0).correlation);
    CHECK(back.contrasts.at(0).rough.groups == 7);
    CHECK(back.settings.groups == f.settings.groups);
}
