#include <model/small_model.hpp>
#include <support/refusal.hpp>

#include <doctest/doctest.h>
#include <kvt/core/json.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/data/recall.hpp>
#include <kvt/exec/executor.hpp>
#include <kvt/harness/cache_study.hpp>
#include <kvt/quant/fault.hpp>

#include <algorithm>

using namespace kvt::harness;

namespace {

cache_study_settings quick() { return {.bits = {2, 8}, .groups = {16, 8}, .residual = 16, .resamples = 50}; }
kvt::data::recall recall(std::int64_t count = 3) { return {.lengths = {160}, .n_examples = count}; }

template <class Executor> cache_findings found_by(Executor executor, cache_study_settings const& how) {
    kvt::run_context context{std::move(executor)};
    context.progress = kvt::progress_meter{kvt::progress_style::silent};
    return kvt::pipeline{cache_prompts{recall()}, cache_study{kvt::engine::load_model(small::recall()), how}}(context);
}

cache_findings const& found() {
    static auto const once = found_by(kvt::exec::inline_executor{}, quick());
    return once;
}

}  // namespace

TEST_CASE("the study finds the same for any number of threads") {
    CHECK(kvt::dump(kvt::to_json(found_by(kvt::exec::thread_executor{3}, quick()))) ==
          kvt::dump(kvt::to_json(found())));
}

TEST_CASE("every part, width and group size has its rows") {
    auto const& f = found();
    CHECK(f.prompts == 3);
    CHECK(f.answered == 3);
    CHECK(f.smoothness.size() == 2 * 3 * 6);
    CHECK(f.eviction.size() == 2 * 6);
    CHECK(f.noise.size() == 2 * 2 * 3);
    CHECK(f.mixes.size() == 2 * 2 * 5);
    CHECK(f.predictors.size() == 2 * 2 * (7 + 7 + 6));  // queries do not meet the channels of values
    CHECK(f.heads.size() == 2 * 6 * (7 + 7 + 6));
    CHECK(f.lost.size() == 2 * (5 + 5 + 4));
    CHECK(f.online.size() == 2 * 2);
    CHECK(f.contrasts.size() == 3 * 2);
    CHECK(f.conclusions.size() == 11);
    for (auto const& r : f.smoothness) {
        CHECK(r.low <= r.bounded);
        CHECK(r.bounded <= r.high);
        CHECK(r.worst <= r.bounded);
        CHECK(r.bounded > 0.3);
        CHECK(r.bounded < 1);
    }
    for (auto const& s : f.predictors)
        if (s.correlation && s.predictor != group_predictor::roughness_less_noise) CHECK(std::abs(*s.correlation) <= 1);
}

TEST_CASE("eight bits do a small part of what two do, bounds hold, and values leave probabilities alone") {
    for (auto const& m : found().mixes) {
        CHECK(m.broken_bounds == 0);
        if (m.mix == cache_mix::values) CHECK(m.probability_change == doctest::Approx(0).epsilon(1e-12));
        else CHECK(m.probability_change > 0);
        auto const coarse = std::ranges::find_if(
            found().mixes, [&](mix_row const& o) { return o.mix == m.mix && o.group == m.group && o.bits == 2; });
        if (m.bits == 8) {
            CHECK(m.attention_error < coarse->attention_error / 20);
            CHECK(m.lost == 0);
            CHECK(std::abs(m.likelihood_loss) < 0.05);
        }
    }
    for (auto const& n : found().noise) {
        CHECK(n.mse / n.expected > 0.7);
        CHECK(n.mse / n.expected < 1.2);
        CHECK(n.bits_per_element == doctest::Approx(static_cast<double>(n.bits) + 32.0 / static_cast<double>(n.group)));
    }
}

TEST_CASE("where the question looks tells which groups hurt: the instrument can find what is there") {
    auto const mass = std::ranges::find_if(found().predictors, [](predictor_row const& s) {
        return s.part == cache_part::values && s.damage == damage_kind::attention &&
               s.predictor == group_predictor::attention_mass && s.bits == 2;
    });
    CHECK(*mass->correlation > 0.5);
    CHECK(mass->answer == "yes");
}

TEST_CASE("the correlations of layers and heads average to those of the part") {
    auto const& f = found();
    for (auto const& r : f.predictors) {
        if (r.damage != damage_kind::attention || r.predictor != group_predictor::attention_mass) continue;
        double sum = 0, n = 0;
        for (auto const& h : f.heads)
            if (h.part == r.part && h.bits == r.bits && h.predictor == r.predictor) sum += *h.correlation, ++n;
        CHECK(n == 6);
        CHECK(*r.correlation == doctest::Approx(sum / n));
    }
}

TEST_CASE("weights of the queries make a roughness of its own, in keys alone") {
    auto const of = [](cache_part part, group_predictor p) {
        return std::ranges::find_if(found().predictors, [&](predictor_row const& s) {
            return s.part == part && s.damage == damage_kind::attention && s.predictor == p && s.bits == 2;
        });
    };
    for (auto const part : {cache_part::keys, cache_part::keys_before_rotation}) {
        CHECK(of(part, group_predictor::weighted_roughness)->correlation);
        CHECK(*of(part, group_predictor::weighted_roughness)->correlation !=
              *of(part, group_predictor::roughness)->correlation);
    }
    CHECK(of(cache_part::values, group_predictor::weighted_roughness) == found().predictors.end());
    CHECK(of(cache_part::values, group_predictor::query_bound) == found().predictors.end());
    CHECK(of(cache_part::keys, group_predictor::attention_times_scale) == found().predictors.end());
    CHECK(*of(cache_part::values, group_predictor::attention_times_scale)->correlation > 0.5);
}

TEST_CASE("lost answers of thirds: shares, their difference, an interval of prompts") {
    for (auto const& r : found().lost) {
        CHECK(r.prompts == 3);
        CHECK(r.highest >= 0);
        CHECK(r.highest <= 1);
        CHECK(*r.difference == doctest::Approx(r.highest - r.lowest));
        CHECK(*r.low <= *r.difference);
        CHECK(*r.high >= *r.difference);
    }
}

TEST_CASE("smoothed online, scores rise and no part's error by more than the budget") {
    for (auto const& r : found().online) {
        CHECK(r.score_after > r.score_before);
        CHECK(r.mse_after <= 1.01 * r.mse_before * (1 + 1e-4));  // reconstructions are rounded to floats
        CHECK(r.error_before > 0);
        CHECK(*r.low <= *r.change);
        CHECK(*r.change <= *r.high);
        auto const plain = std::ranges::find_if(found().mixes, [&](mix_row const& m) {
            return kvt::name_of(m.mix) == kvt::name_of(r.part) && m.bits == r.bits &&
                   m.group == found().settings.groups.front();
        });
        CHECK(r.error_before == doctest::Approx(plain->attention_error));
        CHECK(r.lost_before == plain->lost);
    }
}

TEST_CASE("groups are counted once, by roughness and by evidence") {
    for (auto const& c : found().contrasts) {
        CHECK(c.rough.groups == c.smooth.groups);
        CHECK(c.evidence.groups >= 3);
        CHECK(c.evidence.groups + c.other.groups >= 3 * c.rough.groups);
    }
}

TEST_CASE("groups are as rough at 2, 4 and 8 bits: the bounded score knows no width") {
    auto how = quick();
    how.bits = {2, 4, 8}, how.parameters = kvt::quant::parameter_width::full;
    auto const f = found_by(kvt::exec::inline_executor{}, how);
    for (auto const& c : f.contrasts) {
        CAPTURE(kvt::name_of(c.part));
        CAPTURE(c.bits);
        auto const two =
            std::ranges::find_if(f.contrasts, [&](auto const& o) { return o.part == c.part && o.bits == 2; });
        CHECK(two->rough.roughness > two->smooth.roughness);
        CHECK(c.rough.roughness == doctest::Approx(two->rough.roughness).epsilon(1e-9));
        CHECK(c.smooth.roughness == doctest::Approx(two->smooth.roughness).epsilon(1e-9));
    }
}

TEST_CASE("what is refused") {
    auto const refused = [](cache_study_settings const& how) { return refusal([&] { how.check(); }); };
    auto s = quick();
    s.bits = {3};
    CHECK(holds(refused(s), "invalid_bit_width"));
    s = quick(), s.groups = {16, 12};
    CHECK(holds(refused(s), "invalid_residual"));
    s = quick(), s.bits.clear();
    CHECK(holds(refused(s), "bits"));
    s = quick(), s.budget = 0;
    CHECK(holds(refused(s), "budget"));
    s = quick(), s.policy = "best";
    CHECK(holds(refused(s), "best"));
    s = quick(), s.alpha = 1;
    CHECK(holds(refused(s), "alpha"));
    kvt::run_context context;
    cache_study const study{kvt::engine::load_model(small::recall()), quick()};
    CHECK(holds(refusal([&] { (void)study(context, {}); }), "there are no prompts"));
    std::string words;
    for (int i = 0; i < 2100; ++i) words += "the ";
    context.progress = kvt::progress_meter{kvt::progress_style::silent};
    CHECK(holds(refusal([&] { (void)study(context, {{"long", words, "question : ?", "1 ."}}); }), "long"));
    CHECK(holds(refusal([&] { (void)study(context, {{"mute", "the code", "question : ?", ""}}); }), "mute"));
}
