#include <doctest/doctest.h>

#include <kvt/cache/policies.hpp>
#include <kvt/cache/receipt_verify.hpp>
#include <kvt/cache/resident_set.hpp>

#include <string>
#include <vector>

namespace cache = kvt::cache;

namespace {

/// The receipt of a made-up cache of two layers and two heads.
cache::receipt sample(double budget = 0.3, std::string_view policy = "random", std::int32_t tokens = 41) {
    cache::kv_cache full{2, 2, 8};
    full.reserve(tokens);
    std::vector<float> const row(8, 0.5F);
    for (std::int32_t layer = 0; layer < 2; ++layer)
        for (std::int32_t head = 0; head < 2; ++head)
            for (std::int32_t p = 0; p < tokens; ++p) full.append(layer, head, p, row, row);
    cache::observation const seen{2, 4, 2, {}};
    auto const p = cache::make_policy(policy);
    cache::resident_set resident{
        {.policy = p, .budget = budget, .mode = p.when(), .seed = 1337, .item = "a \"quoted\" prompt"}, full, seen};
    auto r = resident.receipt();
    std::vector<std::int32_t> const ids{1, 20, 30};
    cache::seal(r, kvt::sha256_hex("weights"), cache::hash_tokens(ids), tokens);
    return r;
}

cache::cache_facts facts() {
    return {.layers = 2,
            .kv_heads = 2,
            .head_dim = 8,
            .bits = 32,
            .model_hash = kvt::sha256_hex("weights"),
            .prompt_hash = {}};
}

/// Changes a receipt and seals it again, as a forger without respect for the arithmetic would.
template <class F> std::optional<std::string> forged(F&& change) {
    auto r = sample();
    change(r);
    cache::seal(r, r.model_hash, r.prompt_hash, r.prompt_tokens);
    return cache::verify(r, facts());
}

}  // namespace

TEST_CASE("an honest receipt passes, at every budget and for every policy") {
    for (double budget : {1.0, 0.9, 0.5, 0.2, 0.1, 0.05})
        for (auto policy : {"snapkv", "h2o", "streaming_llm", "random", "snapkv@kvpress"}) {
            auto const r = sample(budget, policy);
            CAPTURE(budget);
            CAPTURE(policy);
            CHECK(cache::verify(r, facts()).value_or("") == "");
            CHECK(cache::verify_text(cache::receipt_text(r), facts()).value_or("") == "");
            CHECK(r.bytes_kept == cache::total_slots(budget, 41, 4) * 2 * 8 * 4);
            CHECK(r.bytes_full == 41 * 4 * 2 * 8 * 4);
        }
    CHECK(sample(1.0).heads[3].slots == 41);
    CHECK(sample(1.0, "full").policy == "full");
}

TEST_CASE("positions survive delta coding") {
    std::vector<std::int32_t> const positions{0, 1, 5, 6, 40};
    auto const deltas = cache::to_deltas(positions);
    CHECK(deltas == std::vector<std::int64_t>{0, 1, 4, 1, 34});
    CHECK(cache::from_deltas(deltas) == std::vector<std::int64_t>(positions.begin(), positions.end()));
    CHECK(cache::to_deltas({}).empty());
}

TEST_CASE("every flipped bit of a stored receipt is noticed") {
    std::string const honest = cache::receipt_text(sample());
    REQUIRE_FALSE(cache::verify_text(honest, facts()));
    std::size_t missed = 0;
    for (std::size_t i = 0; i < honest.size(); ++i)
        for (int bit = 0; bit < 8; ++bit) {
            std::string text = honest;
            text[i] = static_cast<char>(static_cast<unsigned char>(text[i]) ^ (1U << bit));
            if (!cache::verify_text(text)) ++missed;
        }
    CHECK(missed == 0);
    for (std::size_t cut : {std::size_t{0}, honest.size() / 2, honest.size() - 1})
        CHECK(cache::verify_text(honest.substr(0, cut)));
    CHECK(cache::verify_text(honest + " "));
    CHECK(cache::verify_text(" " + honest));
}

TEST_CASE("a receipt with fresh hashes must still be true") {
    CHECK_FALSE(forged([](auto&) {}));
    CHECK(forged([](auto& r) { r.budget = 0.5; }).value() ==
          "layer 0, head 0 holds 13 slots where the budget gives 21");
    CHECK(forged([](auto& r) { r.budget = 0; }).value() == "budget is outside (0, 1]");
    CHECK(forged([](auto& r) { r.heads[1].position_deltas[3] = 0; }).value() ==
          "layer 0, head 1 has positions that do not ascend");
    CHECK(forged([](auto& r) { r.heads[1].position_deltas[0] = -1; }).value() ==
          "layer 0, head 1 has positions that do not ascend");
    CHECK(forged([](auto& r) { r.heads[1].position_deltas.back() = 40; }).value() ==
          "layer 0, head 1 has a position beyond the compacted tokens");
    CHECK(forged([](auto& r) { r.heads[2].position_deltas.pop_back(); }).value() ==
          "layer 1, head 0 names another number of positions than slots");
    CHECK(forged([](auto& r) { r.heads[2].bytes -= 64; }).value() ==
          "layer 1, head 0 claims bytes that its slots do not take");
    CHECK(forged([](auto& r) { r.bytes_kept -= 64; }).value() == "bytes_kept is not the sum over heads");
    CHECK(forged([](auto& r) { r.bytes_full += 64; }).value() == "bytes_full is not that of a full cache");
    CHECK(forged([](auto& r) { r.bytes_peak = 0; }).value() == "bytes_peak is below bytes_kept");
    CHECK(forged([](auto& r) { r.mode = cache::budget_mode::capped, r.bytes_peak += 64; }).value() ==
          "more was allocated than the cap allows");
    CHECK(forged([](auto& r) { std::swap(r.heads[0], r.heads[1]); }).value() == "layer 0, head 1 is out of order");
    CHECK(forged([](auto& r) { r.heads.pop_back(); }).value() == "heads are missing");
    CHECK(forged([](auto& r) { r.heads.clear(); }).value() == "no heads, or too many");
    CHECK(forged([](auto& r) { r.head_dim = 16; }).value() == "head_dim is not the model's");
    CHECK(forged([](auto& r) { r.bits = 16; }).value() == "bits are not the cache's");
    CHECK(forged([](auto& r) { r.prompt_tokens = 60; }).value() ==
          "query_aware, but not the whole prompt was compacted");
    CHECK(forged([](auto& r) { r.compacted_tokens = 40; }).has_value());
    CHECK(forged([](auto& r) { r.model_hash = kvt::sha256_hex("others"); }).value() == "model_hash is another model's");
}

TEST_CASE("the peak is bounded in every mode, by the question and by the answer's length") {
    using cache::budget_mode;
    std::int64_t const entry = 2 * 8 * 4;  // bytes; the sample keeps 13, 12, 12, 12 of 41
    auto const judged = [&](budget_mode mode, std::int64_t more, std::optional<std::int64_t> answer) {
        auto r = sample();
        r.mode = mode, r.bytes_peak = r.bytes_kept + more * entry;
        cache::seal(r, r.model_hash, r.prompt_hash, r.prompt_tokens);
        auto f = facts();
        f.answer_tokens = answer;
        return cache::verify(r, f).value_or("");
    };
    std::string const too_much = "more was allocated than an answer of 5 tokens takes";
    CHECK(judged(budget_mode::prompt, 1 << 20, {}) == "");  // nobody knows how long the answer was
    CHECK(judged(budget_mode::prompt, 4 * (5 + 8), 5) == "");
    CHECK(judged(budget_mode::prompt, 4 * (5 + 8) + 1, 5) == too_much);
    CHECK(judged(budget_mode::ratio_tracking, 6, 5) == "");  // 55 of 46 * 4 instead of 49 of 41 * 4
    CHECK(judged(budget_mode::ratio_tracking, 7, 5) == too_much);
    CHECK(judged(budget_mode::capped, 0, 5) == "");
    CHECK(judged(budget_mode::capped, 1, {}) == "more was allocated than the cap allows");
    CHECK(judged(budget_mode::prompt, 0, -1) == "the answer's length makes no sense");
    CHECK(judged(budget_mode::prompt, 0, std::int64_t{1} << 62) == "the answer's length makes no sense");
    CHECK(forged([](auto& r) { r.question = cache::question_mode::query_agnostic, r.prompt_tokens = 43; }).value() ==
          "bytes_peak leaves the question no room");
}

TEST_CASE("hashes cover every field, and the terms' hash only what was asked for") {
    auto const honest = sample();
    auto r = honest;
    r.item = "another";
    CHECK(cache::verify(r).value() == "config_hash does not follow from the terms");
    r = honest;
    r.adjustment = "none";
    CHECK(cache::hash_terms(r) == honest.config_hash);
    CHECK(cache::verify(r).value() == "hash does not follow from the contents");
    r = honest;
    r.prompt_hash[0] = r.prompt_hash[0] == 'a' ? 'b' : 'a';
    CHECK(cache::verify(r).value() == "hash does not follow from the contents");
    auto f = facts();
    f.prompt_hash = kvt::sha256_hex("others");
    CHECK(cache::verify(honest, f).value() == "prompt_hash is another prompt's");
    f = facts(), f.layers = 3;
    CHECK(cache::verify(honest, f).value() == "the model has 3 layers");
}

TEST_CASE("absurd sizes are refused before anything is computed from them") {
    CHECK(forged([](auto& r) { r.prompt_tokens = r.compacted_tokens = std::int64_t{1} << 62; }).value() ==
          "token counts make no sense");
    CHECK(forged([](auto& r) { r.heads.back().layer = std::int64_t{1} << 62; }).value() == "heads are missing");
    CHECK(forged([](auto& r) { r.heads[0].position_deltas[1] = std::int64_t{1} << 62; }).has_value());
}
