#include <support/refusal.hpp>

#include <doctest/doctest.h>
#include <kvt/core/random.hpp>
#include <kvt/model/attention_change.hpp>

#include <algorithm>
#include <cmath>

using namespace kvt::model;

namespace {

constexpr std::size_t dim = 6;

struct head {
    std::size_t context, rows;
    std::vector<float> queries, keys, values;

    head(kvt::random_stream& stream, std::size_t c, std::size_t r) : context{c}, rows{r} {
        auto const fill = [&](std::vector<float>& to, std::size_t n) {
            for (std::size_t i = 0; i < n * dim; ++i) to.push_back(static_cast<float>(4 * stream.unit() - 2));
        };
        fill(queries, r), fill(keys, c + r), fill(values, c + r);
    }
    [[nodiscard]] attention_probe probe() const { return {queries, dim, context, keys, values}; }
    /// Plain softmax attention of one query.
    [[nodiscard]] std::vector<double> output(std::size_t r, std::vector<double>* probabilities = nullptr) const {
        std::vector<double> weights, out(dim);
        double total = 0;
        for (std::size_t j = 0; j <= context + r; ++j) {
            double score = 0;
            for (std::size_t d = 0; d < dim; ++d)
                score += static_cast<double>(queries[r * dim + d]) * keys[j * dim + d] / std::sqrt(double{dim});
            weights.push_back(std::exp(score)), total += weights.back();
        }
        for (std::size_t j = 0; j < weights.size(); ++j) {
            weights[j] /= total;
            for (std::size_t d = 0; d < dim; ++d) out[d] += weights[j] * values[j * dim + d];
        }
        if (probabilities != nullptr) *probabilities = weights;
        return out;
    }
};

void jitter(kvt::random_stream& stream, std::vector<float>& values, std::size_t from, std::size_t to, double by) {
    for (std::size_t i = from * dim; i < to * dim; ++i) values[i] += static_cast<float>(by * (2 * stream.unit() - 1));
}

double squares(std::vector<double> const& a, std::vector<double> const& b) {
    double out = 0;
    for (std::size_t d = 0; d < dim; ++d) out += (a[d] - b[d]) * (a[d] - b[d]);
    return out;
}

}  // namespace

TEST_CASE("what changed keys and values do is what plain attention says, all groups together and each alone") {
    kvt::random_stream stream{12, "attention"};
    for (int round = 0; round < 1000; ++round) {
        head const exact{stream, 1 + stream.below(20), 1 + stream.below(4)};
        std::size_t const changed = 1 + stream.below(exact.context), group = 1 + stream.below(6);
        auto other = exact;
        bool const keys = stream.below(3) != 0, values = !keys || stream.below(2) == 0;
        double const by = stream.below(2) == 0 ? 1 : 0.01;
        if (keys) jitter(stream, other.keys, 0, changed, by);
        if (values) jitter(stream, other.values, 0, changed, by);
        attention_variant v{.changed = changed, .group_tokens = group};
        if (keys) v.keys = other.keys;
        if (values) v.values = other.values;
        auto const found = exact.probe().change(v);

        double wanted = 0, size = 0, moved = 0;
        for (std::size_t r = 0; r < exact.rows; ++r) {
            std::vector<double> p, q;
            auto const before = exact.output(r, &p);
            wanted += squares(other.output(r, &q), before), size += squares(before, std::vector<double>(dim));
            for (std::size_t j = 0; j < p.size(); ++j) moved += std::abs(p[j] - q[j]) / 2;
        }
        REQUIRE(found.queries == static_cast<std::int64_t>(exact.rows));
        REQUIRE(found.error_squares == doctest::Approx(wanted).epsilon(1e-4));
        REQUIRE(found.output_squares == doctest::Approx(size).epsilon(1e-9));
        REQUIRE(found.probability_change == doctest::Approx(moved).epsilon(1e-4));
        REQUIRE(found.relative_error() == doctest::Approx(std::sqrt(wanted / size)).epsilon(1e-4));

        REQUIRE(found.group_squares.size() == (changed + group - 1) / group);
        for (std::size_t g = 0; g < found.group_squares.size(); ++g) {
            auto one = exact;
            auto const put = [&](std::vector<float>& to, std::vector<float> const& from) {
                std::copy(from.begin() + static_cast<std::ptrdiff_t>(g * group * dim),
                          from.begin() + static_cast<std::ptrdiff_t>(std::min(changed, (g + 1) * group) * dim),
                          to.begin() + static_cast<std::ptrdiff_t>(g * group * dim));
            };
            put(one.keys, other.keys), put(one.values, other.values);
            double alone = 0, mass = 0;
            for (std::size_t r = 0; r < exact.rows; ++r) {
                std::vector<double> p;
                alone += squares(one.output(r), exact.output(r, &p));
                for (std::size_t j = g * group; j < std::min(changed, (g + 1) * group); ++j) mass += p[j];
            }
            REQUIRE(found.group_squares[g] == doctest::Approx(alone).epsilon(1e-4));
            REQUIRE(found.group_mass[g] == doctest::Approx(mass).epsilon(1e-6));
        }
    }
}

TEST_CASE("no logit changes by more than its bound, and a bound that is too small is noticed") {
    kvt::random_stream stream{13, "bound"};
    for (int round = 0; round < 1000; ++round) {
        head const exact{stream, 8, 2};
        auto other = exact;
        jitter(stream, other.keys, 0, 8, 0.5);
        std::vector<double> const errors(2 * dim, 0.5), tiny(2 * dim, 1e-4);
        attention_variant v{.keys = other.keys, .changed = 8, .group_tokens = 4, .key_errors = errors};
        auto const found = exact.probe().change(v);
        REQUIRE(found.bounds_checked == 16);
        REQUIRE(found.broken == 0);
        REQUIRE(found.logit_change <= found.logit_bound);
        auto loose = v;
        loose.when = attention_variant::made::before_rotation;  // a bound for any rotation is never smaller
        REQUIRE(exact.probe().change(loose).logit_bound >= found.logit_bound);
        v.key_errors = tiny;
        REQUIRE(exact.probe().change(v).broken > 0);
    }
}

TEST_CASE("exposure of changed values is attention times the size of their errors, and there is no bound then") {
    kvt::random_stream stream{15, "exposure"};
    head const exact{stream, 8, 2};
    std::vector<double> const sizes{1, 1, 1, 1, 2, 2, 2, 2};
    auto const found = exact.probe().change({.changed = 8, .group_tokens = 4, .value_errors = sizes});
    REQUIRE(found.group_exposure.size() == 2);
    CHECK(found.group_exposure[0] == doctest::Approx(found.group_mass[0]));
    CHECK(found.group_exposure[1] == doctest::Approx(2 * found.group_mass[1]));
    CHECK(found.group_bound.empty());
}

TEST_CASE("nothing changed, nothing found; sums of heads") {
    kvt::random_stream stream{14, "sums"};
    head const a{stream, 9, 3}, b{stream, 9, 2};
    auto const none = a.probe().change({.changed = 9, .group_tokens = 4});
    CHECK(none.error_squares == 0);
    CHECK(none.group_squares == std::vector<double>(3));
    CHECK(none.group_errors() == std::vector<double>(3));
    auto sum = none;
    auto const other = b.probe().change({.changed = 9, .group_tokens = 4});
    sum += other;
    CHECK(sum.queries == 5);
    CHECK(sum.group_mass[1] == doctest::Approx(none.group_mass[1] + other.group_mass[1]));
    CHECK(attention_change{}.relative_error() == 0);
}

TEST_CASE("what does not fit is refused") {
    kvt::random_stream stream{15, "refused"};
    head const a{stream, 5, 2};
    auto const probe = a.probe();
    std::vector<double> const errors(3);
    CHECK(holds(refusal([&] { (void)probe.change({.changed = 6}); }), "does not fit"));
    CHECK(holds(refusal([&] { (void)probe.change({.changed = 2, .group_tokens = 0}); }), "does not fit"));
    CHECK(holds(refusal([&] { (void)probe.change({.changed = 2, .key_errors = errors}); }), "does not fit"));
    CHECK(holds(refusal([&] { attention_probe{a.queries, dim, 6, a.keys, a.values}; }), "do not fit together"));
}
