#include <kvt/scaling/mock_training.hpp>

#include <support/refusal.hpp>

#include <doctest/doctest.h>

using namespace kvt;

TEST_CASE("the surface's check values") {
    CHECK(scaling::mock_training::loss(1e7, 1'666'666'666) == doctest::Approx(7.200360141070995).epsilon(1e-14));
    CHECK(scaling::mock_training::loss(1e7, 1e8) == doctest::Approx(9.6035750399647).epsilon(1e-13));
    auto const same = scaling::mock_training::surface();
    CHECK(same.loss(1e7, 1e8) == doctest::Approx(scaling::mock_training::loss(1e7, 1e8)).epsilon(1e-13));
    CHECK(same.a() == doctest::Approx(0.4516129).epsilon(1e-7));
    CHECK(same.best(1e20).n_opt == doctest::Approx(7.6211e8).epsilon(1e-4));
}

TEST_CASE("noise depends on the seed and the place, not on how many there are") {
    auto const few = scaling::mock_training{42}.noise(3), many = scaling::mock_training{42}.noise(9);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(few[i].loss == many[i].loss);
        CHECK(few[i].flops == many[i].flops);
        CHECK(few[i].flops >= 0.98);
        CHECK(few[i].flops < 1.02);
    }
    CHECK(scaling::mock_training{7}.noise(1)[0].loss != few[0].loss);
    CHECK(holds(refusal([] { (void)scaling::mock_training{-1}.noise(1); }), "trainer.seed"));
    CHECK(holds(refusal([] { (void)scaling::mock_training{4'294'967'296}.noise(1); }), "trainer.seed"));
}
