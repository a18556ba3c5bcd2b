#include "laws/executor.hpp"

#include <kvt/core/context.hpp>
#include <kvt/core/json.hpp>

#include <algorithm>
#include <set>
#include <thread>

namespace exec = kvt::exec;

static_assert(exec::executor<exec::inline_executor> && exec::executor<exec::thread_executor>);
static_assert(exec::executor<exec::executor_view> && exec::executor<exec::any_executor>);
static_assert(!exec::executor<int> && !exec::executor<exec::never_stop>);
static_assert(std::is_trivially_copyable_v<exec::executor_view>);

TEST_CASE("every executor keeps the laws") {
    SUBCASE("inline") { laws::executor(exec::inline_executor{}); }
    SUBCASE("threads, one for each processor") { laws::executor(exec::thread_executor{}); }
    SUBCASE("threads, counted") {
        for (std::int64_t threads : {1, 2, 3, 8}) {
            CAPTURE(threads);
            laws::executor(exec::thread_executor{threads});
        }
    }
    SUBCASE("a view") {
        exec::thread_executor const owner{3};
        laws::executor(exec::executor_view{owner});
    }
    SUBCASE("an owned one") { laws::executor(exec::any_executor{exec::thread_executor{3}}); }
    SUBCASE("a view of an owned one") {
        exec::any_executor const owner{exec::inline_executor{}};
        laws::executor(exec::executor_view{owner});
    }
}

TEST_CASE("threads really take part") {
    exec::thread_executor const e{4};
    std::mutex guard;
    std::set<std::thread::id> seen;
    std::atomic<int> arrived{0};
    e.parallel_for(4, [&](std::size_t) {
        {
            std::lock_guard const lock{guard};
            seen.insert(std::this_thread::get_id());
        }
        arrived.fetch_add(1);
        for (int waited = 0; arrived.load() < 4 && waited < 100000; ++waited) std::this_thread::yield();
    });
    CHECK(seen.size() == 4);
}

TEST_CASE("inline turns come in order on the calling thread") {
    std::vector<std::size_t> order;
    exec::inline_executor{}.parallel_for(5, [&](std::size_t i) { order.push_back(i); });
    CHECK(order == std::vector<std::size_t>{0, 1, 2, 3, 4});
}

TEST_CASE("loops of several threads on one executor do not wait for each other") {
    exec::thread_executor const e{3};
    std::vector<std::thread> callers;
    std::atomic<std::size_t> total{0};
    for (int c = 0; c < 4; ++c)
        callers.emplace_back([&] {
            for (int repeat = 0; repeat < 50; ++repeat) e.parallel_for(37, [&](std::size_t) { total.fetch_add(1); });
        });
    for (auto& caller : callers) caller.join();
    CHECK(total.load() == 4U * 50 * 37);
}

TEST_CASE("copies and moves keep the parameter and work on their own") {
    exec::thread_executor a{3};
    std::atomic<int> sum{0};
    a.parallel_for(10, [&](std::size_t) { sum.fetch_add(1); });
    exec::thread_executor b = a;
    b.parallel_for(10, [&](std::size_t) { sum.fetch_add(1); });
    CHECK(b.threads == 3);
    exec::any_executor owned{b};
    exec::any_executor moved = std::move(owned);
    moved.parallel_for(10, [&](std::size_t) { sum.fetch_add(1); });
    moved = exec::any_executor{exec::inline_executor{}};
    moved.parallel_for(10, [&](std::size_t) { sum.fetch_add(1); });
    CHECK(sum.load() == 40);
}

TEST_CASE("a context serves executors under one key, and a loop stops with the context") {
    kvt::run_context context{exec::thread_executor{2}};
    auto& e = context.get<exec::any_executor>();
    CHECK(e.concurrency() == 2);
    std::atomic<int> done{0};
    bool const all = e.parallel_for(
        1000,
        [&](std::size_t) {
            if (done.fetch_add(1) == 10) context.request_stop();
        },
        [&] { return context.stop_requested(); });
    CHECK_FALSE(all);
    CHECK(done.load() < 20);
}

TEST_CASE("executors are records") {
    CHECK(kvt::to_json(exec::thread_executor{4}) == kvt::json::of({{"threads", 4}}));
    CHECK(kvt::from_json<exec::thread_executor>(kvt::json::of({{"threads", 2}})).concurrency() == 2);
    CHECK(kvt::to_json(exec::inline_executor{}) == kvt::json{kvt::json::object{}});
}
