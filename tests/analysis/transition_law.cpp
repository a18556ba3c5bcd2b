#include <kvt/analysis/transition_law.hpp>
#include <kvt/core/error.hpp>
#include <kvt/core/random.hpp>
#include <kvt/numeric/logistic.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace kvt::analysis;

namespace {

struct truth {
    double level = 0.1, length = -0.6, size = -0.2, sharpness = 3;
};

/// Answers drawn from a law: sizes and lengths crossed, the same prompts for every size.
std::vector<retention> drawn_from(truth const& t, std::uint64_t seed, std::vector<double> const& sizes,
                                  std::vector<double> const& lengths, std::int64_t prompts) {
    kvt::random_stream stream{static_cast<std::int64_t>(seed), "law"};
    std::vector<retention> out;
    for (double const size : sizes)
        for (std::size_t bin = 0; bin < lengths.size(); ++bin)
            for (std::int64_t p = 0; p < prompts; ++p)
                for (double const b : {0.8, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01}) {
                    double const critical =
                        t.level * std::pow(lengths[bin] / 512, t.length) * std::pow(size / 1e6, t.size);
                    bool const right =
                        stream.unit() < kvt::numeric::logistic(t.sharpness * (std::log2(b) - std::log2(critical)));
                    out.push_back({static_cast<std::int64_t>(bin) * 1000 + p, static_cast<std::int64_t>(bin),
                                   lengths[bin], size, b, b, right});
                }
    return out;
}

std::vector<double> const sizes{1e5, 4e5, 1e6, 3e6}, lengths{128, 256, 512, 1024, 2048};

}  // namespace

TEST_CASE("a law that answers were drawn from is found again, inside its intervals") {
    truth const t;
    int held = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        auto const law = length_size_law{.resamples = 200}(drawn_from(t, seed, sizes, lengths, 20));
        REQUIRE(law.verdict == law_verdict::fitted);
        CHECK(*law.budget.value == doctest::Approx(t.level).epsilon(0.15));
        CHECK(*law.length_exponent.value == doctest::Approx(t.length).epsilon(0.2));
        CHECK(std::abs(*law.size_exponent.value - t.size) < 0.1);
        CHECK(*law.sharpness.value == doctest::Approx(t.sharpness).epsilon(0.25));
        CHECK(*law.misfit < 1.5);
        CHECK_FALSE(law.beyond_budgets);
        CHECK(law.cells.size() == sizes.size() * lengths.size());
        CHECK(*law.size_exponent.without_low <= *law.size_exponent.value);
        CHECK(*law.size_exponent.without_high >= *law.size_exponent.value);
        for (auto const& [term, value] : {std::pair{law.length_exponent, t.length}, {law.size_exponent, t.size}})
            held += *term.low <= value && value <= *term.high ? 1 : 0;
    }
    CHECK(held >= 34);  // of 40 intervals of 95 %
}

TEST_CASE("cells that lost nothing or everything still take part") {
    truth const steep{.level = 0.05, .length = -1.5, .size = 0, .sharpness = 6};  // far below the budgets at 2048 tokens
    auto const law = length_size_law{.resamples = 50}(drawn_from(steep, 3, sizes, lengths, 30));
    CHECK(std::ranges::any_of(law.cells, [](auto const& c) { return c.at_most.has_value() && !c.share; }));
    CHECK(*law.length_exponent.value == doctest::Approx(-1.5).epsilon(0.1));
}

TEST_CASE("a factor that does not vary has no exponent") {
    truth const t;
    auto const one_size = length_size_law{.resamples = 20}(drawn_from(t, 1, {1e6}, lengths, 10));
    CHECK_FALSE(one_size.size_exponent.value);
    CHECK(one_size.length_exponent.value);
    CHECK_FALSE(one_size.budget.without_low);
    auto const one_length = length_size_law{.resamples = 20}(drawn_from(t, 1, sizes, {512}, 10));
    CHECK_FALSE(one_length.length_exponent.value);
    CHECK(one_length.size_exponent.value);
}

TEST_CASE("the law at a length and a size") {
    length_size_law const how;
    transition_law law;
    CHECK_FALSE(how.at(law, 512, 1e6));
    law.budget.value = 0.1, law.length_exponent.value = -1, law.size_exponent.value = 0.5;
    CHECK(*how.at(law, 512, 1e6) == doctest::Approx(0.1));
    CHECK(*how.at(law, 1024, 4e6) == doctest::Approx(0.1));
}

TEST_CASE("answers that cannot carry a law say why") {
    auto const of = [](bool survived, double budget, std::int64_t n) {
        std::vector<retention> out;
        for (std::int64_t p = 0; p < n; ++p) out.push_back({p, 0, 100, 1e5, budget, budget, survived});
        return out;
    };
    length_size_law const how{.resamples = 10};
    CHECK(how({}).verdict == law_verdict::no_answers);
    CHECK(how(of(true, 1, 4)).verdict == law_verdict::no_answers);
    CHECK(how(of(true, 0.1, 4)).verdict == law_verdict::never_lost);
    CHECK(how(of(false, 0.1, 4)).verdict == law_verdict::always_lost);
    auto upside_down = of(true, 0.1, 4);
    for (auto const& a : of(false, 0.5, 4)) upside_down.push_back(a);
    CHECK(how(upside_down).verdict == law_verdict::not_falling);
}

TEST_CASE("bad parameters are refused by name") {
    auto const refused = [](length_size_law const& how, char const* words) {
        CHECK_THROWS_WITH_AS((void)how({}), words, kvt::error);
    };
    refused({.reference_tokens = 0}, "length_size_law.reference_tokens: out of range; expected 1 and more");
    refused({.reference_parameters = NAN}, "length_size_law.reference_parameters: out of range; expected 1 and more");
    refused({.ridge = 0}, "length_size_law.ridge: out of range; expected above 0, up to 1");
}
