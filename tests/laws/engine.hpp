// The laws of kvt::engine::engine: every model of the concept passes them.
#pragma once

#include <doctest/doctest.h>

#include <kvt/cache/receipt_verify.hpp>
#include <kvt/engine/engine.hpp>

#include <string>
#include <thread>
#include <vector>

namespace laws {

/// A response, or the test's end.
inline kvt::engine::response answered(kvt::engine::outcome const& given) {
    if (auto const* failed = std::get_if<kvt::engine::failure>(&given)) FAIL(failed->message);
    return std::get<kvt::engine::response>(given);
}

inline void same_answer(kvt::engine::response const& a, kvt::engine::response const& b) {
    CHECK(a.text == b.text);
    CHECK(a.finish_reason == b.finish_reason);
    CHECK(kvt::to_json(a.usage) == kvt::to_json(b.usage));
    CHECK(a.proof == b.proof);
    CHECK(a.kv_total_tokens == b.kv_total_tokens);
    CHECK(a.kv_retained_tokens == b.kv_retained_tokens);
    REQUIRE(a.receipt.has_value() == b.receipt.has_value());
    if (a.receipt) CHECK(kvt::cache::receipt_text(*a.receipt) == kvt::cache::receipt_text(*b.receipt));
}

/// `r` must be a request at temperature 0 that the engine answers.
template <kvt::engine::engine E>
void engine_laws(E const& e, kvt::run_context& context, kvt::engine::request const& r) {
    CHECK(e.describe().engine == std::string{E::name});
    double const before = context.seconds();
    auto const first = answered(e.generate(context, r));

    CHECK(first.start_s >= before);
    CHECK(first.latency_s >= 0);
    if (first.ttfb_s) CHECK(*first.ttfb_s <= first.latency_s);

    // a proof is never stronger than what the engine claims, and what it shows holds
    CHECK(first.proof <= e.proves());
    if (first.proof == kvt::engine::evidence::receipts) {
        REQUIRE(first.receipt);
        auto const problem = kvt::cache::verify(*first.receipt);
        CHECK_MESSAGE(!problem, problem.value_or(""));
        CHECK(first.receipt->budget == r.kv.budget);
        CHECK(first.receipt->item == r.kv.item);
    }
    if (first.kv_retained_tokens && first.kv_total_tokens) CHECK(*first.kv_retained_tokens <= *first.kv_total_tokens);

    // the same request gets the same answer, alone and beside others
    same_answer(first, answered(e.generate(context, r)));
    std::vector<kvt::engine::outcome> beside(4);
    std::vector<std::thread> callers;
    for (auto& place : beside) callers.emplace_back([&] { place = e.generate(context, r); });
    for (auto& c : callers) c.join();
    for (auto const& other : beside) same_answer(first, answered(other));

    // pieces joined are the text
    if constexpr (kvt::engine::streaming_engine<E>) {
        std::string joined;
        auto sink = [&](std::string_view piece) {
            joined += piece;
            return true;
        };
        auto const streamed = answered(e.generate(context, r, sink));
        same_answer(first, streamed);
        CHECK(joined == streamed.text.value_or(""));
    }
}

}  // namespace laws
