#include "laws/estimator.hpp"
#include "support/refusal.hpp"
#include "trace/traces.hpp"

#include <doctest/doctest.h>
#include <kvt/core/context.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/trace/estimators.hpp>
#include <kvt/trace/read.hpp>

using namespace kvt::trace;

namespace {

// Seconds a step alone.
struct mean_step {
    static constexpr std::string_view name = "mean_step";
    struct answer {
        coefficients beta{};
        identifiability told{};
    };
    void check() const {}
    [[nodiscard]] prompt_use prompts() const { return prompt_use::unused; }
    [[nodiscard]] answer operator()(exposure const& trace) const {
        return {.beta = {mean_of(trace.rows.duration) / mean_of(trace.rows.steps), 0, 0}};
    }
};
KVT_RECORD(mean_step::answer, beta, told);
KVT_EMPTY_RECORD(mean_step);

struct given_rows {
    using stage_concept = kvt::stage_tag;
    static constexpr std::string_view name = "given rows";
    table operator()(kvt::run_context&, kvt::start) const { return table_of(traces::four_phases()); }
};

}  // namespace

static_assert(estimator<baseline> && estimator<iterative> && estimator<mean_step>);
static_assert(!estimator<expose> && !estimator<int>);

TEST_CASE("estimators are found by name, with parameters") {
    auto const x = traces::exposed(traces::four_phases());
    auto const beta = [&](std::string_view name, kvt::json const& parameters) {
        return estimators::visit(name, parameters, "estimator", [&](auto const& method) { return coefficients{method(x).beta}; });
    };
    CHECK(beta("baseline", {}).beta1 == doctest::Approx(0.014337959489872466));
    CHECK(beta("baseline", kvt::json::of({{"correction", "end"}})).beta0 == doctest::Approx(1.0071326676176888));
    CHECK(beta("iterative", kvt::json::of({{"damping", 1.0}})).beta1 == doctest::Approx(0.0163044).epsilon(1e-5));
    CHECK(holds(refusal([&] { (void)beta("baselin", {}); }), "did you mean baseline"));
    CHECK(holds(refusal([&] { (void)beta("iterative", kvt::json::of({{"dampin", 1.0}})); }), "damping"));
}

TEST_CASE("one pipeline runs several estimators on the same exposures, one's own among them") {
    baseline const simple;
    mean_step const mine;
    auto const both = kvt::pipeline{given_rows{}, check{{.chunk_size = 64}, simple, mine}, expose{}, estimate{simple, mine}};
    auto const [a, b] = both(kvt::run_context{});
    CHECK(a.diagnostics.n_phases == 4);
    CHECK(b.beta.beta0 == doctest::Approx(2.5 / 2.25));
}
