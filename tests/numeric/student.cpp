#include <doctest/doctest.h>
#include <kvt/numeric/student.hpp>

#include <initializer_list>

using namespace kvt::numeric;

TEST_CASE("quantiles of Student's t, as tables print them") {
    CHECK(student_quantile(0.975, 1) == doctest::Approx(12.7062047).epsilon(1e-7));
    CHECK(student_quantile(0.975, 2) == doctest::Approx(4.30265273).epsilon(1e-7));
    CHECK(student_quantile(0.975, 5) == doctest::Approx(2.57058184).epsilon(1e-7));
    CHECK(student_quantile(0.95, 10) == doctest::Approx(1.81246112).epsilon(1e-7));
    CHECK(student_quantile(0.975, 30) == doctest::Approx(2.04227246).epsilon(1e-7));
    CHECK(student_quantile(0.975, 120) == doctest::Approx(1.97993041).epsilon(1e-6));
    CHECK(student_quantile(0.975, 1000) == doctest::Approx(1.96233908).epsilon(1e-4));
}

TEST_CASE("the distribution is symmetric, rises, and nears the normal one") {
    for (int freedom : {1, 2, 3, 4, 7, 30, 200, 201, 5000})
        for (double t = -6; t <= 6; t += 0.25) {
            CHECK(student_cdf(t, freedom) + student_cdf(-t, freedom) == doctest::Approx(1).epsilon(1e-12));
            CHECK(student_cdf(t, freedom) < student_cdf(t + 0.25, freedom));
        }
    CHECK(student_cdf(1.5, 200) == doctest::Approx(student_cdf(1.5, 201)).epsilon(1e-4));
    CHECK(student_cdf(1.96, 100000) == doctest::Approx(normal_cdf(1.96)).epsilon(1e-5));
}
