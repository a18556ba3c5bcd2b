// scheduler: one step loop that serves all requests of an engine, by continuous batching with chunked prefill.
#pragma once

#include <kvt/core/function_view.hpp>
#include <kvt/engine/loop_thread.hpp>
#include <kvt/engine/step_journal.hpp>
#include <kvt/engine/step_options.hpp>
#include <kvt/exec/executor.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::engine {

/// A request as the step loop sees it. The loop alone calls these, one request on one thread at a time; none of them throws.
/// * `begin()`: once, when it joins the running set.
/// * `place()`: what is left of its prompt and whether it decodes; it keeps these up to date, the loop sets `now`.
/// * `goes_on()`: asked before each step; false ends it with what it has (too late, stopped, nobody listens).
/// * `finished()`: it needs no further step.
/// * `fail(e)`: the step it was in could not be run.
/// * `tokens()`: the answer so far. `attended()`: entries its tokens of the last step attended to. `label()`: its own id.
template <class S> concept stepped = requires(S& s, S const& view, std::exception_ptr e) {
    s.begin();
    { s.place() } -> std::same_as<trace::step_place&>;
    { s.goes_on() } -> std::same_as<bool>;
    { view.finished() } -> std::same_as<bool>;
    s.fail(e);
    { view.tokens() } -> std::same_as<std::span<std::int32_t const>>;
    { view.attended() } -> std::same_as<double>;
    { view.label() } -> std::convertible_to<std::string>;
};

/// What runs one step's work of some requests: `run(group)`; from several threads at once, for different requests.
template <class R, class S> concept step_runner = requires(R const& run, std::span<S* const> group) { run(group); };

/// Joins requests from any number of threads in steps, planned by `trace::plan_step`: first in, first out; a request stays
/// in the running set from its first chunk to its last token. A step lasts from the end of the one before it, unless there
/// was nothing to do, to the moment its results are there; that is what both logs say.
///
/// A prefill row counts the prompt tokens that were computed, which excludes those found in memory: a request whose whole
/// prompt was found has no prefill row. A decode row counts the steps in which one token of the answer was run; the first
/// token of an answer comes out of the last prefill step and the last one is never run. A request that ends early leaves
/// rows of what it did.
template <stepped S, step_runner<S> Run> class scheduler {
  public:
    /// Opens the logs; throws what they throw.
    scheduler(step_options const& options, Run run)
        : limits_{options.limits()}, run_{std::move(run)}, pool_{options.threads}, journal_{options.phase_log,
                                                                                            options.step_log} {}
    scheduler(scheduler const&) = delete;
    scheduler& operator=(scheduler const&) = delete;
    ~scheduler() {
        {
            std::lock_guard const lock{guard_};
            closing_ = true;
        }
        wake_.notify_one();
        thread_.join();
    }

    using listener = function_view<void(std::span<std::int32_t const> fresh)>;
    /// Returns when the request needs no further step. New tokens are told to `listen` on the calling thread, while the loop
    /// goes on; null: nobody is told.
    void serve(S& request, listener const* listen = nullptr) {
        ticket mine{.request = &request, .listens = listen != nullptr};
        std::exception_ptr problem;
        std::unique_lock lock{guard_};
        if (!thread_.started()) thread_.start(this, [](void* self) { static_cast<scheduler*>(self)->loop(); });
        waiting_.push_back(&mine);
        wake_.notify_one();
        for (;;) {
            mine.changed.wait(lock, [&] { return mine.left || !mine.fresh.empty(); });
            if (mine.fresh.empty()) break;
            auto const fresh = std::exchange(mine.fresh, {});
            if (problem) continue;
            lock.unlock();
            try {
                (*listen)(fresh);
            } catch (...) {
                problem = std::current_exception();  // the loop still holds the ticket
            }
            lock.lock();
        }
        if (problem) std::rethrow_exception(problem);
    }

  private:
    struct ticket {
        S* request;
        bool listens;
        // Guarded by `guard_`.
        std::condition_variable changed{};
        std::vector<std::int32_t> fresh{};
        bool left = false;
        // The loop's.
        std::string id{};
        double prefill_start = 0, decode_start = 0, last_end = 0;
        std::int64_t prefilled = 0, decoded = 0;  ///< tokens of the phase under way
        std::size_t told = 0;
        bool decodes_now = false, done = false;
    };

    void loop() {
        bool waited = true;
        double end = 0;
        while (admit(waited)) {
            double const start = waited ? journal_.now() : end;
            waited = false, end = start;
            join();
            if (running_.empty()) continue;
            auto const load = trace::plan_step(limits_, std::span{running_},
                                               [](ticket* t) -> trace::step_place& { return t->request->place(); });
            run_step();
            end = std::max(journal_.now(), std::nextafter(start, start + 1));
            write_down(load, start, end);
            settle();
        }
    }

    /// Waits for work and fills the running set; false where the scheduler ends.
    bool admit(bool& waited) {
        std::unique_lock lock{guard_};
        if (running_.empty() && waiting_.empty()) {
            waited = true;
            wake_.wait(lock, [&] { return closing_ || !waiting_.empty(); });
            if (waiting_.empty()) return false;
        }
        std::erase_if(waiting_, [](ticket* t) { return !t->request->goes_on() && leave(*t); });
        for (; !waiting_.empty() && limits_.room(running_.size()); waiting_.pop_front())
            running_.push_back(waiting_.front());
        return true;
    }
    void join() {
        bool any = false;
        for (ticket* t : running_) {
            if (!t->id.empty()) continue;
            t->id = journal_.next_id(t->request->label());
            t->request->begin();
            any = true;
        }
        if (any) settle();
    }

    /// Shares the running requests out by their tokens: consecutive ones to one thread.
    void run_step() {
        std::vector<S*> requests;
        std::vector<std::size_t> ends;  // of the groups
        std::int64_t total = 0, sum = 0;
        auto const tokens = [](ticket const* t) {
            auto const& place = t->request->place();
            return place.decoding ? 1 : place.now;
        };
        for (ticket* t : running_) {
            t->decodes_now = t->request->place().decoding;
            total += tokens(t);
        }
        auto const groups = static_cast<std::int64_t>(pool_.concurrency());
        for (ticket* t : running_) {
            if (tokens(t) == 0) continue;
            if (requests.empty() || sum * groups >= total * static_cast<std::int64_t>(ends.size())) ends.push_back(0);
            requests.push_back(t->request);
            sum += tokens(t);
            ends.back() = requests.size();
        }
        pool_.parallel_for(ends.size(), [&](std::size_t g) {
            std::size_t const first = g == 0 ? 0 : ends[g - 1];
            std::span<S* const> const group{requests.data() + first, ends[g] - first};
            try {
                run_(group);
            } catch (...) {
                for (S* request : group) request->fail(std::current_exception());
            }
        });
    }

    void write_down(trace::step_load const& load, double start, double end) {
        trace::logged_step step{.t_start = start,
                                .t_end = end,
                                .prefill_tokens = load.prefill_tokens,
                                .decode_tokens = load.decode_tokens,
                                .prefill_attended = 0.0,
                                .decode_attended = 0.0};
        for (ticket* t : running_) {
            auto const& place = t->request->place();
            if (!t->decodes_now && place.now == 0) continue;
            *(t->decodes_now ? step.decode_attended : step.prefill_attended) += t->request->attended();
            t->last_end = end;
            if (t->decodes_now) {
                if (t->decoded++ == 0 && t->decode_start == 0) t->decode_start = start;
                continue;
            }
            if (t->prefilled == 0) t->prefill_start = start;
            t->prefilled += place.now;
            if (place.prompt_left > 0) continue;
            end_prefill(*t);
            t->decode_start = end;
        }
        journal_.add(step);
    }
    void end_prefill(ticket& t) {
        journal_.add(
            {t.id, trace::phase_kind::prefill, t.prefill_start, t.last_end, static_cast<double>(t.prefilled), 0});
        t.prefilled = 0;
    }
    void end_phases(ticket& t) {
        if (t.prefilled > 0) end_prefill(t);
        if (t.decoded > 0)
            journal_.add(
                {t.id, trace::phase_kind::decode, t.decode_start, t.last_end, 0, static_cast<double>(t.decoded)});
        t.decoded = 0;
    }

    /// Tells what is new, and lets those go that are done or do not go on.
    void settle() {
        for (ticket* t : running_) {
            t->done = t->request->finished() || !t->request->goes_on();
            if (t->done) end_phases(*t);
        }
        journal_.commit();
        std::lock_guard const lock{guard_};
        std::erase_if(running_, [](ticket* t) {
            auto const tokens = t->request->tokens();
            if (t->listens && t->told < tokens.size()) {
                t->fresh.insert(t->fresh.end(), tokens.begin() + static_cast<std::ptrdiff_t>(t->told), tokens.end());
                t->told = tokens.size();
                t->changed.notify_one();
            }
            return t->done && leave(*t);
        });
    }
    static bool leave(ticket& t) {
        t.left = true;
        t.changed.notify_one();
        return true;
    }

    trace::step_limits limits_;
    Run run_;
    exec::thread_executor pool_;
    step_journal journal_;
    std::vector<ticket*> running_;  ///< the loop's
    std::mutex guard_;
    std::condition_variable wake_;
    std::deque<ticket*> waiting_;
    bool closing_ = false;
    loop_thread thread_;
};

}  // namespace kvt::inline KVT_ABI::engine
