// What every sampler keeps: an id in range, chosen from the logits and the stream alone.
#pragma once

#include <kvt/model/sampler.hpp>

#include <doctest/doctest.h>

#include <limits>
#include <vector>

namespace laws {

template <kvt::model::sampler Sampler> void sampler(Sampler const& s) {
    CHECK_FALSE(std::string_view{Sampler::name}.empty());
    constexpr float infinity = std::numeric_limits<float>::infinity();
    kvt::random_stream numbers{5, "laws"};
    for (std::size_t size = 1; size < 40; ++size) {
        std::vector<float> logits(size);
        for (auto& l : logits) l = static_cast<float>(numbers.unit() * 20 - 10);
        kvt::random_stream one{9, "draw"}, two = one;
        for (int draw = 0; draw < 5; ++draw) {
            auto const id = s.choose(logits, one);
            CHECK((id >= 0 && id < static_cast<std::int32_t>(size)));
            CHECK(s.choose(logits, two) == id);
        }
        CHECK(one.state() == two.state());
        std::vector<float> single(size, -infinity);
        single[size / 2] = 3;
        CHECK(s.choose(single, one) == static_cast<std::int32_t>(size / 2));
    }
}

}  // namespace laws
