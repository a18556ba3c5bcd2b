// What every trainer does.
#pragma once

#include <kvt/scaling/trainer.hpp>

#include <doctest/doctest.h>

namespace laws {

/// Outcomes depend on the policy, the experiment and its place alone: not on what was trained before, nor how often.
template <kvt::scaling::trainer T> void check_trainer(T const& how, std::span<kvt::scaling::experiment const> sweep) {
    using kvt::scaling::outcome;
    REQUIRE(sweep.size() >= 2);
    kvt::run_context context;
    context.progress = kvt::progress_meter{kvt::progress_style::silent};
    std::vector<outcome> forward;
    auto run = how.start(context, sweep);
    for (std::size_t i = 0; i < sweep.size(); ++i) {
        std::optional<outcome> const made = run(sweep[i], i);
        REQUIRE(made);
        forward.push_back(*made);
    }
    kvt::run_context other;
    other.progress = kvt::progress_meter{kvt::progress_style::silent};
    auto again = how.start(other, sweep);
    for (std::size_t i = sweep.size(); i-- > 0;) {
        CAPTURE(i);
        std::optional<outcome> const made = again(sweep[i], i);
        REQUIRE(made);
        CHECK(made->final_loss == forward[i].final_loss);
        CHECK(made->actual_flops == forward[i].actual_flops);
        CHECK(made->tokens_trained == forward[i].tokens_trained);
    }
}

}  // namespace laws
