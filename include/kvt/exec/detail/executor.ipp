#pragma once

#include <kvt/exec/executor.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <limits>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace kvt::inline KVT_ABI::exec::detail {

KVT_DECL std::size_t resolve_threads(std::int64_t threads) {
    if (threads > 0) return static_cast<std::size_t>(threads);
    return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

/// True while this thread runs turns of a loop: a loop begun there stays on this thread.
KVT_DECL bool& inside_a_loop() {
    thread_local bool inside = false;
    return inside;
}

/// One loop, shared by the threads that work on it. Indices are handed out in increasing order, so when a turn throws,
/// every lower one has already been handed out and will be run: the lowest exception is well defined.
struct loop {
    std::size_t const n, chunk;
    turns const f;
    stop_query const stop;
    std::atomic<std::size_t> next{0};
    std::atomic<std::size_t> limit{std::numeric_limits<std::size_t>::max()};  ///< lowest index that threw
    std::atomic<bool> stopped{false};
    std::mutex guard{};
    std::exception_ptr thrown{};  ///< of `limit`

    /// Whether the turn has been run; a turn beyond an exception counts as run, since the loop ends by throwing.
    void turn(std::size_t i) {
        if (i > limit.load(std::memory_order_relaxed)) return;
        try {
            f(i);
        } catch (...) {
            std::lock_guard const lock{guard};
            if (i < limit.load(std::memory_order_relaxed)) {
                limit.store(i, std::memory_order_relaxed);
                thrown = std::current_exception();
            }
        }
    }
    void work() {
        inside_a_loop() = true;
        while (!stopped.load(std::memory_order_relaxed)) {
            std::size_t const begin = next.fetch_add(chunk, std::memory_order_relaxed);
            if (begin >= n || begin > limit.load(std::memory_order_relaxed)) break;
            std::size_t const end = std::min(n, begin + chunk);
            for (std::size_t i = begin; i < end; ++i) {
                if (stop()) {
                    stopped.store(true, std::memory_order_relaxed);
                    break;
                }
                turn(i);
            }
        }
        inside_a_loop() = false;
    }
};

struct pool {
    explicit pool(std::size_t count) {
        threads.reserve(count);
        try {
            for (std::size_t i = 0; i < count; ++i) threads.emplace_back([this] { attend(); });
        } catch (std::system_error const&) {
            // no more threads to be had: those there are, and the caller, do the work
        }
    }
    pool(pool const&) = delete;
    pool& operator=(pool const&) = delete;
    ~pool() {
        {
            std::lock_guard const lock{guard};
            closing = true;
        }
        wake.notify_all();
        for (auto& thread : threads) thread.join();
    }

    void attend() {
        std::unique_lock lock{guard};
        for (std::uint64_t seen = 0;;) {
            wake.wait(lock, [&] { return closing || (current != nullptr && generation != seen); });
            if (closing) return;
            seen = generation;
            loop& joined = *current;
            ++active;
            lock.unlock();
            joined.work();
            lock.lock();
            if (--active == 0) idle.notify_all();
        }
    }

    void run(loop& job) {
        {
            std::lock_guard const lock{guard};
            current = &job;
            ++generation;
        }
        wake.notify_all();
        job.work();
        std::unique_lock lock{guard};
        current = nullptr;  // workers that wake only now find nothing and wait on
        idle.wait(lock, [&] { return active == 0; });
    }

    std::mutex busy{};  ///< held by the thread whose loop occupies the workers
    std::mutex guard{};
    std::condition_variable wake{}, idle{};
    std::vector<std::thread> threads{};
    loop* current = nullptr;
    std::uint64_t generation = 0;
    std::size_t active = 0;
    bool closing = false;
};

KVT_DECL workers::~workers() { delete pool_; }

KVT_DECL bool workers::run(std::size_t threads, std::size_t n, turns f, stop_query stop) const {
    auto const alone = [&] { return inline_executor{}.parallel_for(n, f, stop); };
    if (threads <= 1 || n <= 1 || inside_a_loop()) return alone();
    auto* ready = std::atomic_ref{pool_}.load(std::memory_order_acquire);
    if (ready == nullptr) {
        auto* const fresh = new pool{threads - 1};
        if (std::atomic_ref{pool_}.compare_exchange_strong(ready, fresh, std::memory_order_acq_rel)) ready = fresh;
        else delete fresh;
    }
    std::unique_lock const occupied{ready->busy, std::try_to_lock};
    if (!occupied) return alone();
    // Long loops are handed out in pieces, so that counting does not cost more than short turns themselves.
    std::size_t const chunk = n < 4096 ? 1 : std::clamp<std::size_t>(n / (threads * 32), 1, 256);
    loop job{.n = n, .chunk = chunk, .f = f, .stop = stop};
    ready->run(job);
    if (job.thrown) std::rethrow_exception(job.thrown);
    return !job.stopped.load();
}

}  // namespace kvt::inline KVT_ABI::exec::detail
