#include "laws/attention_observer.hpp"
#include "small_model.hpp"

#include <kvt/model/transformer.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <tuple>

using namespace kvt::model;

namespace {

// Keeps every probability it is shown: (layer, query head, position) -> row.
struct recorder {
    std::int32_t from = 0;  // wants queries from this position on
    std::map<std::tuple<std::int32_t, std::int32_t, std::int32_t>, std::vector<float>> rows;
    std::map<std::int32_t, std::vector<float>> residuals;  // layer -> last row
    bool ascending = true;

    bool wants(std::int32_t, std::int32_t first, std::int32_t count) const { return first + count > from; }
    void attention(attention_block const& b) {
        CHECK(b.kv_head == b.query_head / 3);
        for (std::int32_t r = 0; r < b.rows; ++r) {
            std::int32_t const position = b.first_position + r;
            auto const later = rows.upper_bound({b.layer, b.query_head, position});
            if (later != rows.end() && std::get<0>(later->first) == b.layer &&
                std::get<1>(later->first) == b.query_head)
                ascending = false;
            auto& row = rows[{b.layer, b.query_head, position}];
            CHECK(row.empty());
            for (std::int32_t j = 0; j < b.columns; ++j) {
                row.push_back(b.at(r, j));
                CHECK(b.on_slot(j)[static_cast<std::size_t>(r)] == row.back());
            }
        }
    }
    void residual(std::int32_t layer, std::int32_t, std::int32_t rows_in, float const* values, std::size_t stride) {
        auto const* last = values + static_cast<std::size_t>(rows_in - 1) * stride;
        residuals[layer].assign(last, last + 20);
    }
};

struct outcome {
    std::vector<float> logits;
    recorder seen;
};
outcome run(transformer const& t, std::vector<std::int32_t> const& tokens, std::size_t chunk, std::int32_t from = 0) {
    outcome out{std::vector<float>(37), {}};
    out.seen.from = from;
    plain_storage cache{2, 2};
    workspace ws;
    for (std::size_t at = 0; at < tokens.size(); at += chunk) {
        auto const n = std::min(chunk, tokens.size() - at);
        t.forward(std::span{tokens}.subspan(at, n), static_cast<std::int32_t>(at), cache, out.seen, out.logits, ws);
    }
    return out;
}

}  // namespace

TEST_CASE("an observer sees each query once: causal rows that sum to one, in ascending order, changing nothing") {
    auto const s = small::odd_shape();
    transformer const t{make_weights(s, small::random_tensors(s))};
    auto const tokens = small::random_tokens(150, s.vocab_size, "observed");
    auto const whole = run(t, tokens, 150);
    CHECK(whole.seen.ascending);
    CHECK(whole.seen.rows.size() == 2 * 6 * 150);
    for (auto const& [key, row] : whole.seen.rows) {
        auto const position = static_cast<std::size_t>(std::get<2>(key));
        REQUIRE(row.size() > position);
        double sum = 0;
        for (std::size_t j = 0; j < row.size(); ++j) {
            sum += static_cast<double>(row[j]);
            if (j > position) CHECK(row[j] == 0.0F);
        }
        CHECK(sum == doctest::Approx(1).epsilon(1e-5));
    }
    std::vector<float> logits(37);
    plain_storage cache{2, 2};
    workspace ws;
    no_observer none;
    t.forward(tokens, 0, cache, none, logits, ws);
    CHECK(small::same_bits(logits, whole.logits));
    CHECK(whole.seen.residuals.size() == 3);

    for (std::size_t const chunk : {std::size_t{1}, std::size_t{7}, std::size_t{64}}) {
        auto const pieces = run(t, tokens, chunk);
        CHECK(small::same_bits(pieces.logits, whole.logits));
        for (auto const& [layer, row] : whole.seen.residuals)
            CHECK(small::same_bits(pieces.seen.residuals.at(layer), row));
        REQUIRE(pieces.seen.rows.size() == whole.seen.rows.size());
        for (auto const& [key, row] : whole.seen.rows) {
            auto const visible = static_cast<std::size_t>(std::get<2>(key)) + 1;
            CHECK(small::same_bits(std::span{row}.first(visible), std::span{pieces.seen.rows.at(key)}.first(visible)));
        }
    }
}

TEST_CASE("observers keep their laws") {
    auto const s = small::odd_shape();
    transformer const t{make_weights(s, small::random_tensors(s))};
    auto const tokens = small::random_tokens(130, s.vocab_size, "laws");
    no_observer none;
    laws::attention_observer(none, t, tokens);
    recorder all, some;
    some.from = 100;
    laws::attention_observer(all, t, tokens);
    laws::attention_observer(some, t, tokens);
}

TEST_CASE("an observer that wants the last queries is shown little more than these") {
    auto const s = small::odd_shape();
    transformer const t{make_weights(s, small::random_tensors(s))};
    auto const tokens = small::random_tokens(150, s.vocab_size, "observed");
    auto const last = run(t, tokens, 150, 142);
    for (std::int32_t position = 142; position < 150; ++position) CHECK(last.seen.rows.contains({1, 5, position}));
    CHECK(last.seen.rows.size() <= 2 * 6 * 32);
    auto const all = run(t, tokens, 150);
    for (auto const& [key, row] : last.seen.rows) CHECK(small::same_bits(row, all.seen.rows.at(key)));
}

namespace {

// Keeps queries and probabilities: (layer, position) -> all heads; (layer, query head, position) -> row.
struct query_recorder {
    std::map<std::pair<std::int32_t, std::int32_t>, std::vector<float>> queries_at{};
    recorder rows{};

    bool wants(std::int32_t, std::int32_t, std::int32_t) const { return true; }
    void attention(attention_block const& b) { rows.attention(b); }
    void queries(std::int32_t layer, std::int32_t first, std::int32_t count, float const* values, std::size_t stride) {
        for (std::int32_t r = 0; r < count; ++r) {
            auto const* const row = values + static_cast<std::size_t>(r) * stride;
            queries_at[{layer, first + r}].assign(row, row + 60);
        }
    }
};

}  // namespace

TEST_CASE("an observer that asks for queries gets those that made the probabilities") {
    auto const s = small::odd_shape();
    transformer const t{make_weights(s, small::random_tensors(s))};
    auto const tokens = small::random_tokens(90, s.vocab_size, "queries");
    query_recorder seen;
    std::vector<float> logits(37);
    plain_storage cache{2, 2};
    workspace ws;
    t.forward(std::span{tokens}.first(50), 0, cache, seen, {}, ws);
    t.forward(std::span{tokens}.subspan(50), 50, cache, seen, logits, ws);
    CHECK(small::same_bits(logits, run(t, tokens, 90).logits));
    REQUIRE(seen.queries_at.size() == 2 * 90);
    for (auto const& [key, row] : seen.rows.rows) {
        auto const [layer, head, position] = key;
        auto const keys = cache.keys(layer, head / 3);
        float const* const q = seen.queries_at.at({layer, position}).data() + head * 10;
        std::vector<double> wanted;
        double sum = 0;
        for (std::size_t j = 0; j <= static_cast<std::size_t>(position); ++j) {
            double score = 0;
            for (std::size_t d = 0; d < 10; ++d) score += static_cast<double>(q[d]) * keys[j * 10 + d];
            wanted.push_back(std::exp(score / std::sqrt(10.0))), sum += wanted.back();
        }
        for (std::size_t j = 0; j < wanted.size(); ++j)
            REQUIRE(row[j] == doctest::Approx(wanted[j] / sum).epsilon(1e-4));
    }
}
