#include <doctest/doctest.h>

#include <kvt/core/random.hpp>
#include <kvt/engine/scheduler.hpp>
#include <kvt/trace/read.hpp>
#include <kvt/trace/simulate.hpp>
#include <support/scratch_folder.hpp>

#include <atomic>
#include <latch>
#include <new>
#include <stdexcept>
#include <thread>

namespace engine = kvt::engine;
namespace trace = kvt::trace;

namespace {

std::atomic<std::int64_t> all_steps{0};

/// A request that counts: so many prompt tokens, then so many answer tokens.
struct counter {
    std::string id;
    std::int64_t prompt, answer;
    std::int64_t gives_up_after = -1;  ///< tokens of the answer
    bool found = false;                ///< its prompt is in memory
    std::int64_t good_steps = 0;       ///< of one named "bad"
    std::atomic<bool> stopped{false};

    trace::step_place where{};
    std::vector<std::int32_t> said{};
    bool done = false, failed = false;
    std::int64_t steps = 0;
    engine::step_work did{};
    std::string breaks_in{};  ///< one of the functions the loop calls
    std::thread::id began_on{};
    std::int64_t began_at = 0;  ///< step of all
    mutable int asked = 0;

    counter(std::string name, std::int64_t prompt_tokens, std::int64_t answer_tokens)
        : id{std::move(name)}, prompt{prompt_tokens}, answer{answer_tokens} {}

    void breaks(std::string_view here) const {
        if (breaks_in == here && ++asked == 3) throw std::bad_alloc{};
    }
    void begin() {
        began_on = std::this_thread::get_id(), began_at = all_steps;
        where.prompt_left = found ? 0 : prompt;
        if (found) say();
    }
    trace::step_place& place() { return breaks("place"), where; }
    bool goes_on() {
        breaks("goes_on");
        if (stopped || static_cast<std::int64_t>(said.size()) == gives_up_after) done = true;
        return !done;
    }
    [[nodiscard]] bool finished() const { return done; }
    void fail(std::exception_ptr) { failed = done = true; }
    [[nodiscard]] std::span<std::int32_t const> tokens() const { return breaks("tokens"), said; }
    [[nodiscard]] std::string label() const {
        if (breaks_in == "label") throw std::bad_alloc{};
        return id;
    }
    engine::step_work ran() {
        breaks("ran");
        return std::exchange(did, {});
    }

    void say() {
        where.decoding = true;
        said.push_back(static_cast<std::int32_t>(said.size()));
        done = static_cast<std::int64_t>(said.size()) == answer;
    }
    void step() {
        ++steps, ++all_steps;
        if (id == "bad" && steps > good_steps) throw std::runtime_error{"bad step"};
        did = {where.decoding ? 1 : where.now, 1};
        if (!where.decoding) where.prompt_left -= where.now;
        if (where.prompt_left == 0) say();
    }
};

struct run_counters {
    void operator()(std::span<counter* const> group) const {
        for (auto* one : group) one->step();
    }
};
using loop = engine::scheduler<counter, run_counters>;

struct logs {
    scratch_folder folder{};
    engine::step_options options{};

    explicit logs(engine::step_options o) : options{std::move(o)} {
        options.batching = engine::batching::joined;
        options.phase_log = folder / "p.csv", options.step_log = folder / "s.csv";
    }
    [[nodiscard]] trace::table phases() const { return trace::read_trace(folder / "p.csv"); }
    [[nodiscard]] std::vector<trace::logged_step> steps() const { return trace::read_steps(folder / "s.csv"); }
};

void serve_all(loop& l, std::vector<std::unique_ptr<counter>>& requests) {
    std::vector<std::thread> threads;
    std::latch together{static_cast<std::ptrdiff_t>(requests.size())};
    for (auto& r : requests)
        threads.emplace_back([&, one = r.get()] {
            together.arrive_and_wait();
            l.serve(*one);
        });
    for (auto& t : threads) t.join();
}

std::vector<std::unique_ptr<counter>> drawn(int count, kvt::random_stream draw) {
    std::vector<std::unique_ptr<counter>> out;
    for (int i = 0; i < count; ++i)
        out.push_back(std::make_unique<counter>("q" + std::to_string(i), static_cast<std::int64_t>(1 + draw.below(300)),
                                                static_cast<std::int64_t>(1 + draw.below(40))));
    return out;
}

}  // namespace

TEST_CASE("one request takes the steps that the simulator gives it") {
    for (auto const& [prompt, answer] : {std::pair{100, 5}, std::pair{64, 1}, std::pair{1, 2}, std::pair{130, 30}}) {
        logs l{{.chunk_size = 64}};
        {
            loop steps{l.options, {}};
            counter one{"one", prompt, answer};
            steps.serve(one);
            CHECK(one.said.size() == static_cast<std::size_t>(answer));
        }
        std::vector<trace::request> const load{{"one", 0, prompt, answer}};
        auto const expected = trace::simulate(load, {.beta0 = 1, .chunk_size = 64});
        auto const got = l.steps();
        REQUIRE(got.size() == expected.log.size());
        for (std::size_t i = 0; i < got.size(); ++i) {
            CHECK(got[i].prefill_tokens == expected.log[i].prefill_tokens);
            CHECK(got[i].decode_tokens == expected.log[i].decode_tokens);
            if (i > 0) CHECK(got[i].t_start == got[i - 1].t_end);
        }
        auto const phases = l.phases();
        REQUIRE(phases.size() == expected.phases.size());
        CHECK(phases.t_start[0] == got.front().t_start);
        CHECK(phases.t_end[phases.size() - 1] == got.back().t_end);
        if (phases.size() == 2) CHECK(phases.t_start[1] == phases.t_end[0]);
        if (phases.size() == 2) CHECK(phases.tokens[1] == answer - 1);
    }
}

TEST_CASE("many requests from many threads: all limits hold, and the logs account for every token") {
    for (std::int64_t threads : {1, 3})
        for (engine::step_options options :
             {engine::step_options{.chunk_size = 32}, engine::step_options{.chunk_size = 48, .max_running = 3},
              engine::step_options{.chunk_size = 64, .max_running = 5, .token_budget = 70}}) {
            options.threads = threads;
            logs l{options};
            auto requests = drawn(24, {11, "counters"});
            {
                loop steps{l.options, {}};
                serve_all(steps, requests);
            }
            double prompt = 0, decodes = 0;
            for (auto const& r : requests) {
                CHECK(r->done);
                CHECK_FALSE(r->failed);
                CHECK(r->said.size() == static_cast<std::size_t>(r->answer));
                prompt += static_cast<double>(r->prompt), decodes += static_cast<double>(r->answer - 1);
            }
            double in_steps[2]{}, in_phases[2]{};
            for (auto const& s : l.steps()) {
                in_steps[0] += static_cast<double>(s.prefill_tokens),
                    in_steps[1] += static_cast<double>(s.decode_tokens);
                if (options.token_budget > 0) CHECK(s.prefill_tokens + s.decode_tokens <= options.token_budget);
                if (options.max_running > 0) CHECK(s.decode_tokens <= options.max_running);
                CHECK(s.t_end > s.t_start);
            }
            auto const phases = trace::check_trace(l.phases(), {.chunk_size = 32}, trace::prompt_use::needed);
            for (std::size_t i = 0; i < phases.size(); ++i)
                in_phases[phases.kind[i] == trace::phase_kind::decode] += phases.tokens[i];
            CHECK(in_steps[0] == prompt);
            CHECK(in_phases[0] == prompt);
            CHECK(in_steps[1] == decodes);
            CHECK(in_phases[1] == decodes);
        }
}

TEST_CASE("who listens hears every token in order, while the loop goes on") {
    engine::step_options const options{.chunk_size = 8};
    loop steps{options, {}};
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    for (int i = 0; i < 6; ++i)
        threads.emplace_back([&, i] {
            counter one{"q", 20 + i, 50};
            std::vector<std::int32_t> heard;
            auto const hear = [&](std::span<std::int32_t const> fresh) {
                heard.insert(heard.end(), fresh.begin(), fresh.end());
            };
            loop::listener const listen{hear};
            steps.serve(one, &listen);
            wrong += heard == one.said && heard.size() == 50 ? 0 : 1;
        });
    for (auto& t : threads) t.join();
    CHECK(wrong == 0);
}

TEST_CASE("a listener that throws gets its exception back; the request was served to its end") {
    loop steps{{}, {}};
    counter one{"q", 5, 10};
    auto const hear = [](std::span<std::int32_t const>) { throw std::logic_error{"deaf"}; };
    loop::listener const listen{hear};
    CHECK_THROWS_AS(steps.serve(one, &listen), std::logic_error);
    CHECK(one.said.size() == 10);
}

TEST_CASE("a step that fails ends its requests, others go on") {
    loop steps{{.threads = 1}, {}};
    counter bad{"bad", 5, 10}, good{"good", 5, 10};
    steps.serve(bad);
    CHECK(bad.failed);
    steps.serve(good);
    CHECK_FALSE(good.failed);
    CHECK(good.said.size() == 10);
}

TEST_CASE("whatever goes wrong in the loop ends what runs, and the loop goes on") {
    for (auto const* where : {"label", "place", "goes_on", "tokens", "ran"}) {
        CAPTURE(where);
        logs l{{.chunk_size = 4, .max_running = 2}};
        {
            loop steps{l.options, {}};
            counter broken{"broken", 30, 50}, after{"after", 5, 10};
            broken.breaks_in = where;
            auto const hear = [](std::span<std::int32_t const>) {};
            loop::listener const listen{hear};
            steps.serve(broken, &listen);
            CHECK(broken.failed);
            CHECK(broken.said.size() < 50);
            steps.serve(after);
            CHECK_FALSE(after.failed);
            CHECK(after.said.size() == 10);
        }
        CHECK(l.phases().size() >= 2);  // of `after`; and both logs are whole
        CHECK(l.steps().size() >= 11);
    }
}

TEST_CASE("the loop's own trouble ends those that run, not those that wait") {
    loop steps{{.chunk_size = 4, .max_running = 2}, {}};
    std::vector<std::unique_ptr<counter>> requests = drawn(12, {12, "trouble"});
    requests[0]->breaks_in = "tokens";
    serve_all(steps, requests);
    CHECK(requests[0]->failed);
    int failed = 0;
    for (auto const& r : requests) {
        CHECK(r->done);
        failed += r->failed ? 1 : 0;
    }
    CHECK(failed <= 2);
}

TEST_CASE("the logs hold no token of a step that failed") {
    for (std::int64_t good : {1, 4}) {  // it breaks in its prompt, or in its answer
        logs l{{.chunk_size = 16}};
        {
            loop steps{l.options, {}};
            counter bad{"bad", 40, 10};
            bad.good_steps = good;
            steps.serve(bad);
            CHECK(bad.failed);
        }
        auto const steps = l.steps();
        auto const phases = l.phases();
        REQUIRE(steps.size() == static_cast<std::size_t>(good));
        CHECK(steps[0].prefill_tokens == 16);
        CHECK(*steps[0].prefill_attended == 1);
        REQUIRE(phases.size() == (good == 1 ? 1 : 2));
        CHECK(phases.tokens[0] == (good == 1 ? 16 : 40));
        if (good == 1) continue;
        CHECK(steps[3].decode_tokens == 1);
        CHECK(phases.tokens[1] == 1);
    }
}

TEST_CASE("a request begins on its caller's thread, and only when there is room for it") {
    loop steps{{.max_running = 1}, {}};
    counter endless{"endless", 1, 1'000'000'000}, second{"second", 1, 5};
    std::thread first{[&] { steps.serve(endless); }};
    auto const before = all_steps.load();
    while (all_steps < before + 10) std::this_thread::yield();
    std::thread::id own;
    std::thread waiting{[&] {
        own = std::this_thread::get_id();
        steps.serve(second);
    }};
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    auto const free = all_steps.load();
    endless.stopped = true;
    first.join();
    waiting.join();
    CHECK(second.said.size() == 5);
    CHECK(second.began_on == own);
    CHECK(second.began_at >= free);
}

TEST_CASE("the logs tell what was computed: found prompts, and requests that end early") {
    logs l{{.chunk_size = 16}};
    {
        loop steps{l.options, {}};
        counter found{"found", 40, 5}, early{"early", 20, 50}, never{"never", 20, 5}, word{"word", 40, 1};
        found.found = word.found = true;
        early.gives_up_after = 4;
        never.stopped = true;
        for (auto* one : {&found, &early, &never, &word}) steps.serve(*one);
        CHECK(never.steps == 0);
        CHECK(word.steps == 0);
        CHECK(early.said.size() == 4);
    }
    auto const phases = l.phases();
    REQUIRE(phases.size() == 3);
    CHECK(phases.kind[0] == trace::phase_kind::decode);  // of `found`, which has no prefill
    CHECK(phases.tokens[0] == 4);
    CHECK(phases.kind[1] == trace::phase_kind::prefill);
    CHECK(phases.tokens[1] == 20);
    CHECK(phases.tokens[2] == 3);
    CHECK(std::string{phases.request_id[2]}.ends_with("-2:early"));
    CHECK(l.steps().size() == 4 + 2 + 3);
}

TEST_CASE("a request that waits for room can be stopped") {
    engine::step_options const options{.max_running = 1};
    loop steps{options, {}};
    counter endless{"endless", 1, 1'000'000'000}, second{"second", 1, 5};
    std::thread first{[&] { steps.serve(endless); }};
    std::thread waiting{[&] { steps.serve(second); }};
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    second.stopped = true;
    waiting.join();  // though the first still runs
    CHECK(second.said.size() < 6);
    endless.stopped = true;
    first.join();
    CHECK(endless.said.size() < 1'000'000'000);
}
