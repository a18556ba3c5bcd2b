// run_context: all that may vary from run to run, so that stages themselves are values.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/core/progress.hpp>
#include <kvt/core/random.hpp>
#include <kvt/core/stage.hpp>

#include <concepts>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI {

/// The type under which a service is looked up: `S::service` where `S` names one, else `S`.
/// (A store names its erased view, so that stages ask for "the store" and not for SQLite.)
template <class S> struct service_key { using type = S; };
template <class S>
    requires requires { typename S::service; }
struct service_key<S> {
    using type = typename S::service;
};

/// What the environment answers; replaced as a whole in tests.
struct run_clock {
    double (*seconds)() = &monotonic_seconds;  ///< never goes back
    std::string (*utc_now)() = nullptr;        ///< ISO-8601, for `created_at`; null: the system's clock
    void (*sleep)(double seconds) = nullptr;   ///< null: really sleeps
};

/// Handed to every stage by reference. Owns the services it was built with, in order of declaration.
class run_context {
  public:
    /// `run_context ctx{store::sqlite{path}, ...};` takes each service over.
    template <class... Services>
        requires(sizeof...(Services) > 0 && (!std::same_as<std::remove_cvref_t<Services>, run_context> && ...))
    explicit run_context(Services&&... services) : run_context{} {  // so that those before one that throws are ended
        (provide(std::forward<Services>(services)), ...);
    }
    run_context() = default;
    run_context(run_context const&) = delete;
    run_context& operator=(run_context const&) = delete;
    ~run_context();

    /// Adds a service. One of the same key is no longer found, but lives on until the context ends.
    template <class S> void provide(S&& service) {
        using key = typename service_key<std::remove_cvref_t<S>>::type;
        make_room();  // nothing may throw once the service is made
        auto* object = new key(std::forward<S>(service));
        adopt({tag<key>(), object, [](void* p) { delete static_cast<key*>(p); }});
    }
    /// The service of that type, or null.
    template <class Key> [[nodiscard]] Key* find() const { return static_cast<Key*>(find_object(tag<Key>())); }
    /// The service of that type; throws `error{usage}` with `advice` where the context has none.
    template <class Key> [[nodiscard]] Key& get(char const* advice = "a service the context was not given") const {
        if (auto* found = find<Key>()) return *found;
        refuse(advice);
    }

    [[nodiscard]] random_stream stream(std::string_view label) const { return {seed, label}; }

    /// Asks the running stage to stop at the next safe point; may be called from a signal handler.
    void request_stop() noexcept;
    [[nodiscard]] bool stop_requested() const noexcept;

    /// Notes a file that was written, for the command line's closing lines.
    void wrote(std::string path);
    [[nodiscard]] std::vector<std::string> const& written() const { return written_; }

    std::int64_t seed = 1337;  ///< of every random stream
    run_clock clock{};
    progress_meter progress{};

    [[nodiscard]] double seconds() const { return clock.seconds(); }
    [[nodiscard]] std::string utc_now() const;
    void sleep(double seconds) const;

  private:
    template <class Key> static void const* tag() {
        static char const address = 0;
        return &address;
    }
    struct slot {
        void const* key;
        void* object;
        void (*destroy)(void*);
    };
    void make_room();
    void adopt(slot service) noexcept;
    [[nodiscard]] void* find_object(void const* key) const;
    [[noreturn]] static void refuse(char const* advice);

    std::vector<slot> services_;
    std::vector<std::string> written_;
    mutable bool stop_ = false;  ///< reached as an atomic alone; <atomic> is dear to include
};

}  // namespace kvt::inline KVT_ABI

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/core/detail/context.ipp>
#endif
