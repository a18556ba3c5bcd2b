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
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::engine {

/// What a request computed: tokens, and the entries that these attended to.
struct step_work {
    std::int64_t tokens = 0;
    double attended = 0;
};

/// A request as the step loop sees it. One thread at a time calls these: its caller's before it joins, then the loop's and
/// those that share a step. None of them throws; where one does, the loop ends all requests that it could concern.
/// * `begin()`: once, on the caller's thread, when there is room for it in the running set.
/// * `place()`: what is left of its prompt and whether it decodes; it keeps these up to date, the loop sets `now`.
/// * `goes_on()`: asked before it begins and before each step, and now and then while it waits for room; false ends it with
///   what it has (too late, stopped, nobody listens).
/// * `finished()`: it needs no further step.
/// * `fail(e)`: the step it was in could not be run.
/// * `tokens()`: the answer so far. `label()`: its own id.
/// * `ran()`: what was really computed for it since this was asked last.
template <class S> concept stepped = requires(S& s, S const& view, std::exception_ptr e) {
    s.begin();
    { s.place() } -> std::same_as<trace::step_place&>;
    { s.goes_on() } -> std::same_as<bool>;
    { view.finished() } -> std::same_as<bool>;
    s.fail(e);
    { view.tokens() } -> std::same_as<std::span<std::int32_t const>>;
    { view.label() } -> std::convertible_to<std::string>;
    { s.ran() } -> std::same_as<step_work>;
};

/// What runs one step's work of some requests: `run(group)`; from several threads at once, for different requests.
template <class R, class S> concept step_runner = requires(R const& run, std::span<S* const> group) { run(group); };

/// Joins requests from any number of threads in steps, planned by `trace::plan_step`: first in, first out; a request has its
/// place in the running set from `begin` to its last token. A step lasts from the end of the one before it, unless there
/// was nothing to do, to the moment its results are there; that is what both logs say. What a request does in `begin` is no
/// part of any step.
///
/// Both logs hold what was computed, not what was planned: a step that fails leaves what its requests ran before that.
/// A prefill row counts the prompt tokens that were computed, which excludes those found in memory: a request whose whole
/// prompt was found has no prefill row. A decode row counts the steps in which one token of the answer was run; the first
/// token of an answer comes out of the last prefill step and the last one is never run. A request that ends early leaves
/// rows of what it did. Whatever goes wrong in the loop itself ends the requests that run, with that exception; those that
/// wait are served after them.
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
        enter(mine);
        mine.changed.wait(lock, [&] { return mine.granted || mine.left; });
        if (!mine.left) {
            lock.unlock();
            try {
                if (request.goes_on()) request.begin();
            } catch (...) {
                request.fail(std::current_exception());
            }
            lock.lock();
            ready_.push_back(&mine);  // `enter` made room for it
            wake_.notify_one();
        }
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
        std::int64_t number = 0;             ///< in order of arrival
        bool granted = false, left = false;  ///< it has a place in the running set; it is done with the loop
        // The loop's.
        std::string id{};
        double prefill_start = 0, decode_start = 0, last_end = 0;
        std::int64_t prefilled = 0, decoded = 0;  ///< tokens of the phase under way
        std::size_t told = 0;
        bool decodes_now = false, done = false;
    };

    // Under the lock.

    /// Gives a new request its place, or lets it wait for one.
    void enter(ticket& t) {
        if (!thread_.started()) thread_.start(this, [](void* self) { static_cast<scheduler*>(self)->loop(); });
        std::size_t const present = waiting_.size() + placed_ + 1;
        if (ready_.capacity() < present) ready_.reserve(2 * present);
        t.number = ++arrived_;
        if (waiting_.empty() && limits_.room(placed_)) return grant(t);
        waiting_.push_back(&t);
    }
    void grant(ticket& t) { ++placed_, t.granted = true, t.changed.notify_one(); }
    bool leave(ticket& t) {
        if (t.granted) --placed_;
        t.left = true;
        t.changed.notify_one();
        return true;
    }

    // The loop's.

    void loop() {
        for (bool more = true; more;) {
            try {
                more = turn();
            } catch (...) {
                abandon(std::current_exception());
            }
        }
    }
    /// One step, where there is work; false where the scheduler ends.
    bool turn() {
        ask_waiting();
        if (!admit()) return false;
        double const start = waited_ ? journal_.now() : end_;
        waited_ = false, end_ = start;
        name_new();
        if (running_.empty()) return true;
        (void)trace::plan_step(limits_, std::span{running_},
                               [](ticket* t) -> trace::step_place& { return t->request->place(); });
        run_step();
        end_ = std::max(journal_.now(), std::nextafter(start, start + 1));
        write_down(start, end_);
        settle();
        return true;
    }
    /// Ends what runs, since the step or its books went wrong, or else what could not join. Needs no memory for that.
    void abandon(std::exception_ptr const& problem) {
        waited_ = true;
        for (ticket* t : running_) {
            try {
                end_phases(*t);
            } catch (...) {
                // its rows are lost
            }
        }
        journal_.commit();
        std::lock_guard const lock{guard_};
        auto& ended = running_.empty() ? ready_ : running_;
        for (ticket* t : ended) t->request->fail(problem), leave(*t);
        ended.clear();
    }

    /// Lets those go that wait for room and do not go on. Many may wait, so only every few milliseconds and without the lock:
    /// nobody else touches a request that waits, nor takes it off the list.
    void ask_waiting() {
        double const now = journal_.now();
        if (now - asked_ < 0.005) return;
        asked_ = now;
        {
            std::lock_guard const lock{guard_};
            if (waiting_.empty()) return;
            asking_.assign(waiting_.begin(), waiting_.end());
        }
        bool any = false;
        for (ticket* t : asking_) t->done = !t->request->goes_on(), any = any || t->done;
        if (!any) return;
        std::lock_guard const lock{guard_};
        std::erase_if(waiting_, [&](ticket* t) { return t->done && leave(*t); });
    }
    /// Gives free places away, and takes those in that have begun; waits where nothing runs. False where the scheduler ends.
    bool admit() {
        std::unique_lock lock{guard_};
        for (; !waiting_.empty() && limits_.room(placed_); waiting_.pop_front()) grant(*waiting_.front());
        if (running_.empty() && ready_.empty()) {
            waited_ = true;
            wake_.wait(lock, [&] { return !ready_.empty() || (closing_ && placed_ == 0); });
            if (ready_.empty()) return false;
        }
        running_.reserve(running_.size() + ready_.size());
        for (ticket* t : ready_) running_.insert(std::ranges::upper_bound(running_, t->number, {}, &ticket::number), t);
        ready_.clear();
        return true;
    }
    void name_new() {
        bool any = false;
        for (ticket* t : running_) {
            if (!t->id.empty()) continue;
            t->id = journal_.next_id(t->request->label());
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

    void write_down(double start, double end) {
        trace::logged_step step{.t_start = start, .t_end = end, .prefill_attended = 0.0, .decode_attended = 0.0};
        for (ticket* t : running_) {
            step_work const did = t->request->ran();
            if (did.tokens == 0) continue;
            *(t->decodes_now ? step.decode_attended : step.prefill_attended) += did.attended;
            (t->decodes_now ? step.decode_tokens : step.prefill_tokens) += did.tokens;
            t->last_end = end;
            if (t->decodes_now) {
                if (t->decoded == 0 && t->decode_start == 0) t->decode_start = start;
                t->decoded += did.tokens;
                continue;
            }
            if (t->prefilled == 0) t->prefill_start = start;
            t->prefilled += did.tokens;
            if (t->request->place().prompt_left > 0) continue;
            end_prefill(*t);
            t->decode_start = end;
        }
        if (step.prefill_tokens + step.decode_tokens > 0) journal_.add(step);
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
        for (ticket* t : running_) {
            auto const tokens = t->request->tokens();
            if (!t->listens || t->told >= tokens.size()) continue;
            t->fresh.insert(t->fresh.end(), tokens.begin() + static_cast<std::ptrdiff_t>(t->told), tokens.end());
            t->told = tokens.size();
            t->changed.notify_one();
        }
        std::erase_if(running_, [&](ticket* t) { return t->done && leave(*t); });  // nothing here throws
    }

    trace::step_limits limits_;
    Run run_;
    exec::thread_executor pool_;
    step_journal journal_;
    // The loop's.
    std::vector<ticket*> running_, asking_;
    double end_ = 0, asked_ = 0;  ///< of the last step; when those that wait were asked
    bool waited_ = true;          ///< there was nothing to do since
    // Guarded.
    std::mutex guard_;
    std::condition_variable wake_;
    std::deque<ticket*> waiting_;  ///< for a place in the running set
    std::vector<ticket*> ready_;   ///< have begun, and join before the next step
    std::size_t placed_ = 0;       ///< that begin, have begun or run
    std::int64_t arrived_ = 0;
    bool closing_ = false;
    loop_thread thread_;
};

}  // namespace kvt::inline KVT_ABI::engine
