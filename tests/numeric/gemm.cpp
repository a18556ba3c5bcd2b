#include <doctest/doctest.h>
#include <kvt/core/error.hpp>
#include <kvt/core/random.hpp>
#include <kvt/numeric/gemm.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

using namespace kvt::numeric;

namespace {

template <class Real> std::vector<Real> noise(std::size_t count, std::string_view label) {
    kvt::random_stream stream{1, label};
    std::vector<Real> values(count);
    for (auto& v : values) v = static_cast<Real>(2 * stream.unit() - 1);
    return values;
}

/// A product's operands in memory of their own, with room between rows.
template <class Real> struct problem {
    std::size_t rows, columns, inner;
    layout a_order, b_order;
    std::size_t a_stride = (a_order == layout::by_row ? inner : rows) + 3;
    std::size_t b_stride = (b_order == layout::by_row ? columns : inner) + 5;
    std::size_t c_stride = columns + 7;
    std::vector<Real> a = noise<Real>((a_order == layout::by_row ? rows : inner) * a_stride + 1, "a");
    std::vector<Real> b = noise<Real>((b_order == layout::by_row ? inner : columns) * b_stride + 1, "b");
    std::vector<Real> c = noise<Real>(rows * c_stride, "c");

    product<Real> task(Real alpha, Real beta, std::vector<Real>& out) {
        return {.rows = rows,
                .columns = columns,
                .inner = inner,
                .alpha = alpha,
                .a = {a.data(), a_stride, a_order},
                .b = {b.data(), b_stride, b_order},
                .beta = beta,
                .c = out.data(),
                .c_stride = c_stride};
    }
    [[nodiscard]] double expected(std::size_t i, std::size_t j, Real alpha, Real beta) const {
        double sum = 0;
        for (std::size_t k = 0; k < inner; ++k) {
            double const left = a_order == layout::by_row ? a[i * a_stride + k] : a[k * a_stride + i];
            double const right = b_order == layout::by_row ? b[k * b_stride + j] : b[j * b_stride + k];
            sum += left * right;
        }
        return static_cast<double>(alpha) * sum +
               (beta == 0 ? 0.0 : static_cast<double>(beta) * static_cast<double>(c[i * c_stride + j]));
    }
};

template <class Real> void check_product(problem<Real> p, Real alpha, Real beta, kvt::instruction_set set) {
    INFO(p.rows, " x ", p.columns, " x ", p.inner, " ", kvt::name_of(set));
    auto out = p.c;
    if (beta == 0)
        for (std::size_t i = 0; i < p.rows; ++i)
            for (std::size_t j = 0; j < p.columns; ++j)
                out[i * p.c_stride + j] = std::numeric_limits<Real>::quiet_NaN();
    gemm(p.task(alpha, beta, out), set);
    double const slack =
        static_cast<double>(std::numeric_limits<Real>::epsilon()) * (16 + static_cast<double>(p.inner) / 2);
    for (std::size_t i = 0; i < p.rows; ++i)
        for (std::size_t j = 0; j < p.c_stride; ++j) {
            auto const found = static_cast<double>(out[i * p.c_stride + j]);
            if (j < p.columns) REQUIRE(std::abs(found - p.expected(i, j, alpha, beta)) <= slack);
            else REQUIRE(out[i * p.c_stride + j] == p.c[i * p.c_stride + j]);  // between rows nothing is written
        }
}

template <class Real> void check_all(kvt::instruction_set set) {
    for (auto const a : {layout::by_row, layout::by_column})
        for (auto const b : {layout::by_row, layout::by_column}) {
            for (auto const& [rows, columns, inner] : {std::array<std::size_t, 3>{1, 1, 1},
                                                       {12, 32, 8},
                                                       {13, 33, 5},
                                                       {25, 31, 300},
                                                       {7, 70, 257},
                                                       {250, 17, 64},
                                                       {3, 8, 0},
                                                       {0, 4, 4},
                                                       {64, 128, 64},
                                                       {100, 16, 513}})
                check_product<Real>({rows, columns, inner, a, b}, Real{1}, Real{0}, set);
            check_product<Real>({19, 45, 270, a, b}, Real{0.5}, Real{1}, set);
            check_product<Real>({19, 45, 30, a, b}, Real{-2}, Real{0.25}, set);
            check_product<Real>({19, 45, 0, a, b}, Real{3}, Real{0.25}, set);
        }
}

}  // namespace

TEST_CASE("products equal the plain sums, in every layout and on every instruction set") {
    for (auto const set : kvt::usable_instruction_sets()) {
        check_all<float>(set);
        check_all<double>(set);
    }
}

TEST_CASE("an element's bits do not depend on what is computed beside it") {
    problem<float> p{37, 50, 600, layout::by_row, layout::by_column};
    for (auto const set : kvt::usable_instruction_sets()) {
        auto whole = p.c, parts = p.c;
        gemm(p.task(0.7F, 1, whole), set);
        packed_operand<float> const b{{p.b.data(), p.b_stride, p.b_order}, p.inner, p.columns, set};
        for (std::size_t i = 0; i < p.rows; i += 5) {
            auto task = p.task(0.7F, 1, parts);
            task.rows = std::min<std::size_t>(5, p.rows - i);
            task.a.data += i * p.a_stride;
            task.c += i * p.c_stride;
            gemm(task, b, set);
        }
        REQUIRE(whole == parts);
    }
}

TEST_CASE("a packed operand serves smaller products and refuses larger ones") {
    problem<double> p{9, 40, 80, layout::by_row, layout::by_row};
    packed_operand<double> const b{{p.b.data(), p.b_stride, p.b_order}, p.inner, p.columns};
    auto small = p, large = p;
    small.inner = 33, small.columns = 21;
    auto plain = p.c, packed = p.c;
    gemm(small.task(1, 0, plain));
    gemm(small.task(1, 0, packed), b);
    CHECK(plain == packed);
    large.inner = 81;
    CHECK_THROWS_AS(gemm(large.task(1, 0, packed), b), kvt::error);
}
