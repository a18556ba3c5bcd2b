#include <kvt/scaling/parameter_rates.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

using namespace kvt;
using namespace kvt::scaling;

TEST_CASE("by width: matrices learn slower and decay faster the wider they are") {
    parameter_list const list{gpt_shape(61, 64, 1, 2, 128)};
    auto const rates = parameter_rates{.learning_rate = 0.01, .weight_decay = 0.1}.of(list);
    REQUIRE(rates.size() == list.tensors.size());
    for (std::size_t i = 0; i < rates.size(); ++i) {
        auto const& name = list.tensors[i].name;
        CAPTURE(name);
        bool const still = name.find("norm") != name.npos || name == "token_emb.weight";
        double const fan_in = name.find("w2") != name.npos ? 128 : 64;
        CHECK(rates[i].learning_rate == doctest::Approx(still                      ? 0.001
                                                        : name == "lm_head.weight" ? 0.01
                                                                                   : 0.01 * 32 / fan_in));
        CHECK(rates[i].weight_decay == doctest::Approx(still                      ? 0
                                                       : name == "lm_head.weight" ? 0.1
                                                                                  : 0.1 * fan_in / 1024));
    }
}

TEST_CASE("uniform: one rate, no decay of norms and embedding") {
    parameter_list const list{gpt_shape(61, 64, 1, 2)};
    auto const rates = parameter_rates{.rule = rate_rule::uniform, .learning_rate = 0.01, .weight_decay = 0.1}.of(list);
    for (std::size_t i = 0; i < rates.size(); ++i) {
        auto const role = list.roles[i];
        CHECK(rates[i].learning_rate == 0.01);
        CHECK(rates[i].weight_decay == (role == parameter_role::norm || role == parameter_role::embedding ? 0 : 0.1));
    }
}

TEST_CASE("what is out of range is refused by name") {
    CHECK(holds(refusal([] { parameter_rates{.learning_rate = -1}.check(); }), "rates.learning_rate"));
    CHECK(holds(refusal([] { parameter_rates{.base_width = 0}.check(); }), "rates.base_width"));
}
