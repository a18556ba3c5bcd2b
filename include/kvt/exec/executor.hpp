// executor: who runs the turns of a loop, one after another or several at once, with the same result.
#pragma once

#include <kvt/core/record.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace kvt::inline KVT_ABI::exec {

/// A loop that nobody stops.
struct never_stop {
    constexpr bool operator()() const noexcept { return false; }
};

namespace detail {
struct any_turn {
    void operator()(std::size_t) const;
};
}  // namespace detail

/// Runs `f(0) ... f(n-1)`, each at most once, in any order and possibly at once, and returns when none is running.
/// * `e.parallel_for(n, f)` runs all of them. `e.parallel_for(n, f, stop)` asks `stop()` before each turn and begins no
///   further one once it answers true; `stop` may be asked from several threads. The answer is whether all n were run.
/// * Where turns throw, the exception of the lowest index that throws is rethrown; all lower turns have been run, of the
///   higher ones any number.
/// * `e.concurrency()` is the greatest number of turns under way at once.
/// A result must not depend on the order: write to slot i, reduce with exec/reduce.hpp.
/// Satisfied by `inline_executor`, `thread_executor`, `any_executor` and `executor_view`; laws: tests/laws/executor.hpp.
template <class E> concept executor = requires(E const& e, std::size_t n, detail::any_turn f, never_stop stop) {
    { e.parallel_for(n, f) } -> std::same_as<bool>;
    { e.parallel_for(n, f, stop) } -> std::same_as<bool>;
    { e.concurrency() } -> std::same_as<std::size_t>;
};

namespace detail {

/// A loop body without its type; it must outlive the loop.
struct turns {
    void* body;
    void (*call)(void*, std::size_t);

    template <class F> static turns of(F& f) {
        return {const_cast<void*>(static_cast<void const*>(&f)),
                [](void* p, std::size_t i) { (*static_cast<F*>(p))(i); }};
    }
    void operator()(std::size_t i) const { call(body, i); }
};

/// A stop query without its type.
struct stop_query {
    void* query;
    bool (*ask)(void*);

    template <class S> static stop_query of(S& stop) {
        return {const_cast<void*>(static_cast<void const*>(&stop)),
                [](void* p) -> bool { return (*static_cast<S*>(p))(); }};
    }
    bool operator()() const { return ask(query); }
};

struct pool;
/// Waiting workers; started by the first loop that can use them, ended with their owner.
class workers {
  public:
    workers() = default;
    workers(workers const&) noexcept {}
    workers& operator=(workers const&) noexcept { return *this; }
    ~workers();
    bool run(std::size_t threads, std::size_t n, turns f, stop_query stop) const;

  private:
    mutable pool* pool_ = nullptr;  ///< reached as an atomic alone; <atomic> is dear to include
};
[[nodiscard]] std::size_t resolve_threads(std::int64_t threads);

}  // namespace detail

class any_executor;

/// One turn after another, on the calling thread.
struct inline_executor {
    static constexpr std::string_view name = "inline";
    using service = any_executor;

    [[nodiscard]] std::size_t concurrency() const { return 1; }

    template <class F, class Stop = never_stop> bool parallel_for(std::size_t n, F&& f, Stop&& stop = {}) const {
        for (std::size_t i = 0; i < n; ++i) {
            if (stop()) return false;
            f(i);
        }
        return true;
    }
};
KVT_EMPTY_RECORD(inline_executor);

/// Several turns at once, on the calling thread and on waiting workers. A loop begun inside another loop, or while
/// another thread's loop occupies the workers, runs on its calling thread alone: loops never wait for each other.
/// Copies do not share workers.
struct thread_executor {
    static constexpr std::string_view name = "threads";
    using service = any_executor;

    std::int64_t threads = 0;  ///< the calling one included; 0: one for each processor. The first loop that can use
                               ///< workers starts as many; a later change reaches copies only.

    thread_executor() = default;
    explicit thread_executor(std::int64_t count) : threads{count} {}

    [[nodiscard]] std::size_t concurrency() const { return detail::resolve_threads(threads); }

    template <class F, class Stop = never_stop> bool parallel_for(std::size_t n, F&& f, Stop&& stop = {}) const {
        return workers_.run(concurrency(), n, detail::turns::of(f), detail::stop_query::of(stop));
    }

  private:
    detail::workers workers_;
};
KVT_RECORD(thread_executor, threads);

/// Any executor, borrowed: for functions whose bodies are compiled once. The executor must outlive the view.
class executor_view {
  public:
    template <executor E>
        requires(!std::same_as<E, executor_view>)
    executor_view(E const& e)  // NOLINT(google-explicit-constructor): a parameter type
        : executor_{&e}, loop_{[](void const* p, std::size_t n, detail::turns f, detail::stop_query stop) {
              return static_cast<E const*>(p)->parallel_for(n, f, stop);
          }},
          concurrency_{[](void const* p) { return static_cast<E const*>(p)->concurrency(); }} {}

    [[nodiscard]] std::size_t concurrency() const { return concurrency_(executor_); }

    template <class F, class Stop = never_stop> bool parallel_for(std::size_t n, F&& f, Stop&& stop = {}) const {
        return loop_(executor_, n, detail::turns::of(f), detail::stop_query::of(stop));
    }

  private:
    void const* executor_;
    bool (*loop_)(void const*, std::size_t, detail::turns, detail::stop_query);
    std::size_t (*concurrency_)(void const*);
};

/// Any executor, owned: what a run_context holds. `run_context{exec::thread_executor{4}}.get<exec::any_executor>()`.
class any_executor {
  public:
    template <executor E>
        requires(!std::same_as<E, any_executor>)
    explicit any_executor(E e) : any_executor{new E(std::move(e))} {}
    any_executor(any_executor&& other) noexcept
        : view_{other.view_}, owned_{std::exchange(other.owned_, nullptr)}, destroy_{other.destroy_} {}
    any_executor& operator=(any_executor other) noexcept {
        std::swap(view_, other.view_), std::swap(owned_, other.owned_), std::swap(destroy_, other.destroy_);
        return *this;
    }
    ~any_executor() {
        if (owned_ != nullptr) destroy_(owned_);
    }

    [[nodiscard]] std::size_t concurrency() const { return view_.concurrency(); }

    template <class F, class Stop = never_stop> bool parallel_for(std::size_t n, F&& f, Stop&& stop = {}) const {
        return view_.parallel_for(n, f, stop);
    }

  private:
    template <executor E>
    explicit any_executor(E* owned)
        : view_{*owned}, owned_{owned}, destroy_{[](void* p) { delete static_cast<E*>(p); }} {}

    executor_view view_;
    void* owned_;
    void (*destroy_)(void*);
};

}  // namespace kvt::inline KVT_ABI::exec

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/exec/detail/executor.ipp>
#endif
