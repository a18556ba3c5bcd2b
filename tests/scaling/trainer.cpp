#include <kvt/scaling/mock_training.hpp>
#include <kvt/scaling/trainer.hpp>

#include <laws/trainer.hpp>

#include <doctest/doctest.h>

using namespace kvt;

TEST_CASE("both trainers keep the law") {
    std::vector<scaling::experiment> const sweep{
        {"a", 6e12, 1000, 1'000'000'000}, {"b", 6e12, 2000, 500'000'000}, {"c", 6e12, 4000, 250'000'000}};
    laws::check_trainer(scaling::mock_training{}, sweep);
    laws::check_trainer(scaling::function_training{[](run_context&, scaling::experiment const& e) {
                            return scaling::outcome{.final_loss = 1 / static_cast<double>(e.model_size),
                                                    .tokens_trained = e.num_tokens};
                        }},
                        sweep);
}

// What lacks a member is none.
struct no_start {
    static constexpr std::string_view name = "no_start";
};
KVT_EMPTY_RECORD(no_start);
static_assert(scaling::trainer<scaling::mock_training> && !scaling::trainer<no_start>);
