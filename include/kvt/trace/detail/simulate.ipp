// Definitions of trace/simulate.hpp.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/core/random.hpp>
#include <kvt/trace/simulate.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace kvt::inline KVT_ABI::trace {
namespace detail {

/// The value as a double has it. Through memory, so that no multiplication is contracted into the addition behind it:
/// one ulp of the clock can move a step's boundary across an arrival.
inline double rounded(double value) {
    double const volatile stored = value;
    return stored;
}

/// A standard normal number from two draws (Box and Muller).
inline double normal_draw(random_stream& stream) {
    constexpr double turn = 6.283185307179586476925;
    double const u1 = stream.unit(), u2 = stream.unit();
    return std::sqrt(-2 * std::log(1 - u1)) * std::cos(turn * u2);
}

class step_loop {
  public:
    step_loop(std::span<request const> requests, step_engine const& engine)
        : requests_{requests}, engine_{engine}, limits_{engine.limits()}, noise_{engine.noise_seed}, order_(requests.size()) {
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        std::ranges::stable_sort(order_, {}, [&](std::size_t i) { return requests_[i].arrival; });
    }

    simulation run() {
        if (order_.empty()) return {};
        out_.served.resize(requests_.size());
        double const start = arrival(0);
        clock_ = start;
        for (;;) {
            admit();
            if (running_.empty()) {
                if (arrived_ == order_.size()) break;
                clock_ = arrival(arrived_);
                continue;
            }
            step();
        }
        out_.makespan_seconds = clock_ - start;
        if (!out_.log.empty()) out_.mean_batch = static_cast<double>(served_) / static_cast<double>(out_.log.size());
        return std::move(out_);
    }

  private:
    struct running {
        std::size_t request;
        step_place place;
        std::int64_t decode_left, decodes;
        bool started = false;
        double start = 0, prefilled = 0;
        std::size_t first_step = 0, decode_step = 0;
    };

    [[nodiscard]] double arrival(std::size_t place) const { return requests_[order_[place]].arrival; }

    void admit() {
        while (arrived_ < order_.size() && arrival(arrived_) <= clock_) ++arrived_;
        for (; admitted_ < arrived_ && limits_.room(running_.size()); ++admitted_) {
            auto const& r = requests_[order_[admitted_]];
            std::int64_t const decodes =
                engine_.first_token_in_prefill ? std::max<std::int64_t>(r.generated_tokens - 1, 0) : r.generated_tokens;
            running_.push_back({order_[admitted_], {.prompt_left = r.prompt_tokens}, decodes, decodes});
        }
    }

    void step() {
        auto const load = plan_step(limits_, std::span{running_}, [](running& r) -> step_place& { return r.place; });
        served_ += load.served;
        double const start = clock_, seconds = duration(load.prefill_tokens, load.decode_tokens);
        clock_ = rounded(clock_ + seconds);
        out_.busy_seconds += seconds;
        out_.log.push_back({start, clock_, load.prefill_tokens, load.decode_tokens});
        for (auto& r : running_)
            if (r.place.decoding) --r.decode_left;
        for (auto& r : running_)
            if (r.place.now > 0) advance(r, start);
        for (auto const& r : running_)
            if (r.place.decoding && r.decode_left == 0 && r.decodes > 0)
                emit(r, phase_kind::decode, r.prefilled, r.decode_step, static_cast<double>(r.decodes));
        std::erase_if(running_, [&](running const& r) {
            bool const done = r.place.decoding && r.decode_left == 0;
            if (done) out_.served[r.request] = {r.first_step, r.decode_step, out_.log.size()};
            return done;
        });
    }

    void advance(running& r, double start) {
        if (!r.started) r.started = true, r.start = start, r.first_step = out_.log.size() - 1;
        r.place.prompt_left -= r.place.now;
        if (r.place.prompt_left > 0) return;
        emit(r, phase_kind::prefill, r.start, r.first_step, static_cast<double>(requests_[r.request].prompt_tokens));
        r.place.decoding = true, r.prefilled = clock_, r.decode_step = out_.log.size();
    }

    double duration(std::int64_t prefill, std::int64_t decoders) {
        double out = rounded(engine_.beta0 + rounded(engine_.beta1 * static_cast<double>(prefill)));
        out = rounded(out + rounded(engine_.beta2 * static_cast<double>(decoders)));
        if (engine_.noise_sigma > 0) {
            double const s = engine_.noise_sigma;
            out = rounded(out * std::exp(s * normal_draw(noise_) - s * s / 2));
        }
        if (!(out > 0))
            throw trace_error{fault::bad_option, "a step of " + std::to_string(prefill) + " prefill and " +
                                                     std::to_string(decoders) + " decode tokens would take no time"};
        return out;
    }

    [[nodiscard]] double shown(double time) const {
        double const moved = rounded(time + engine_.time_origin), q = engine_.time_quantum;
        return q > 0 ? std::nearbyint(moved / q) * q : moved;
    }

    void emit(running const& r, phase_kind kind, double from, std::size_t first_step, double tokens) {
        bool const prefill = kind == phase_kind::prefill;
        phase row{requests_[r.request].request_id, kind, shown(from), shown(clock_), prefill ? tokens : 0, prefill ? 0 : tokens};
        if (row.t_end <= row.t_start) return void(++out_.dropped_phases);
        out_.phases.push_back(std::move(row));
        out_.phase_steps.emplace_back(first_step, out_.log.size());
    }

    std::span<request const> requests_;
    step_engine const& engine_;
    step_limits const limits_;
    random_stream noise_;
    std::vector<std::size_t> order_;
    std::vector<running> running_;
    std::size_t arrived_ = 0, admitted_ = 0;  // how many of order_
    double clock_ = 0;
    std::int64_t served_ = 0;
    simulation out_{};
};

}  // namespace detail

KVT_DECL void step_engine::check() const {
    auto const refuse = [](std::string problem, std::string expected) {
        throw trace_error{fault::bad_option, std::move(problem), std::move(expected)};
    };
    for (double const b : {beta0, beta1, beta2})
        if (!(b >= 0) || !std::isfinite(b)) refuse("a cost of " + shortest(b), "seconds, at least 0");
    limits().check();
    if (!(noise_sigma >= 0) || !std::isfinite(noise_sigma)) refuse("noise_sigma " + shortest(noise_sigma), "at least 0");
    if (!(time_quantum >= 0) || !std::isfinite(time_quantum)) refuse("time_quantum " + shortest(time_quantum), "seconds");
    if (!std::isfinite(time_origin)) refuse("time_origin " + shortest(time_origin), "seconds");
}

KVT_DECL simulation simulate(std::span<request const> requests, step_engine const& engine) {
    engine.check();
    check_requests(requests);
    return detail::step_loop{requests, engine}.run();
}

KVT_DECL std::vector<request> at_speed(std::span<request const> requests, double speed) {
    if (!(speed > 0) || !std::isfinite(speed)) throw trace_error{fault::bad_option, "speed " + shortest(speed), "above 0"};
    std::vector<request> out{requests.begin(), requests.end()};
    for (auto& r : out) r.arrival /= speed;
    return out;
}

KVT_DECL step_fit fit_on_log(simulation const& run) {
    if (run.phases.empty()) throw trace_error{fault::empty_trace, "the engine had nothing to do"};
    std::vector<double> prefill{0}, decode{0};  // tokens before each step
    for (auto const& s : run.log) {
        prefill.push_back(prefill.back() + static_cast<double>(s.prefill_tokens));
        decode.push_back(decode.back() + static_cast<double>(s.decode_tokens));
    }
    phases rows{.rule = {.chunk_size = 1}};
    std::vector<double> a, b;
    for (std::size_t i = 0; i < run.phases.size(); ++i) {
        auto const [from, to] = run.phase_steps[i];
        rows.kind.push_back(run.phases[i].phase_type);
        rows.steps.push_back(static_cast<double>(to - from));
        rows.duration.push_back(run.phases[i].t_end - run.phases[i].t_start);
        a.push_back(prefill[to] - prefill[from]), b.push_back(decode[to] - decode[from]);
    }
    return fit_steps(rows, a, b);
}

}  // namespace kvt::inline KVT_ABI::trace
