// What every executor must do; applied to each of them in tests/exec.
#pragma once

#include <kvt/exec/executor.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

namespace laws {

/// Every index runs exactly once, for no, one and many turns.
template <kvt::exec::executor E> void runs_every_index_once(E const& e) {
    for (std::size_t n : {0U, 1U, 2U, 3U, 7U, 64U, 1000U, 5000U, 20000U}) {
        std::vector<std::atomic<int>> calls(n);
        CHECK(e.parallel_for(n, [&](std::size_t i) { calls[i].fetch_add(1); }));
        std::size_t wrong = 0;
        for (auto const& c : calls) wrong += c.load() != 1 ? 1 : 0;
        CHECK_MESSAGE(wrong == 0, "n = ", n);
    }
}

/// Of several exceptions the lowest index's is rethrown, and every lower turn has run.
template <kvt::exec::executor E> void rethrows_the_lowest(E const& e) {
    for (std::size_t n : {1U, 10U, 500U, 9000U})
        for (std::size_t first : {std::size_t{0}, n / 3, n - 1}) {
            std::vector<std::atomic<int>> calls(n);
            std::string caught;
            try {
                e.parallel_for(n, [&](std::size_t i) {
                    calls[i].fetch_add(1);
                    if (i >= first) throw std::runtime_error{std::to_string(i)};
                });
            } catch (std::runtime_error const& error) {
                caught = error.what();
            }
            CHECK(caught == std::to_string(first));
            std::size_t missed = 0;
            for (std::size_t i = 0; i <= first; ++i) missed += calls[i].load() != 1 ? 1 : 0;
            CHECK(missed == 0);
        }
}

/// A stopped loop says so, begins nothing after the stop has been seen, and has nothing running when it returns.
template <kvt::exec::executor E> void stops_when_asked(E const& e) {
    CHECK_FALSE(e.parallel_for(
        5, [](std::size_t) { throw std::logic_error{"ran"}; }, [] { return true; }));
    CHECK(e.parallel_for(
        0, [](std::size_t) {}, [] { return true; }));

    std::size_t const n = 100000;
    std::atomic<std::size_t> done{0}, running{0};
    bool const all = e.parallel_for(
        n,
        [&](std::size_t) {
            running.fetch_add(1);
            done.fetch_add(1);
            running.fetch_sub(1);
        },
        [&] { return done.load() >= 50; });
    CHECK_FALSE(all);
    CHECK(running.load() == 0);
    CHECK(done.load() >= 50);
    CHECK(done.load() < 50 + e.concurrency());
}

/// A loop inside a loop finishes, with every pair visited once.
template <kvt::exec::executor E> void nests(E const& e) {
    std::vector<std::atomic<int>> calls(40 * 50);
    CHECK(e.parallel_for(
        40, [&](std::size_t i) { e.parallel_for(50, [&](std::size_t j) { calls[i * 50 + j].fetch_add(1); }); }));
    std::size_t wrong = 0;
    for (auto const& c : calls) wrong += c.load() != 1 ? 1 : 0;
    CHECK(wrong == 0);
}

/// No more turns at once than announced.
template <kvt::exec::executor E> void keeps_its_concurrency(E const& e) {
    CHECK(e.concurrency() >= 1);
    std::atomic<std::size_t> running{0}, most{0};
    e.parallel_for(2000, [&](std::size_t) {
        auto const now = running.fetch_add(1) + 1;
        for (auto seen = most.load(); seen < now && !most.compare_exchange_weak(seen, now);) {}
        running.fetch_sub(1);
    });
    CHECK(most.load() >= 1);
    CHECK(most.load() <= e.concurrency());
}

/// Usable again after an exception and after a stop.
template <kvt::exec::executor E> void recovers(E const& e) {
    CHECK_THROWS(e.parallel_for(100, [](std::size_t) { throw std::runtime_error{"x"}; }));
    runs_every_index_once(e);
    e.parallel_for(
        100, [](std::size_t) {}, [] { return true; });
    runs_every_index_once(e);
}

template <kvt::exec::executor E> void executor(E const& e) {
    runs_every_index_once(e);
    rethrows_the_lowest(e);
    stops_when_asked(e);
    nests(e);
    keeps_its_concurrency(e);
    recovers(e);
}

}  // namespace laws
