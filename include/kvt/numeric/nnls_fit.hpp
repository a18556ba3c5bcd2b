// How a non-negative least-squares fit looks, whichever solver found it.
#pragma once

#include <kvt/core/record.hpp>

#include <cstdint>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

/// `unique`: the columns are independent, and this is the only minimiser. `dependent`: they are not, and the rule of
/// `solve_small_nnls` decided which of the minimisers is meant. `unfinished`: rounding kept the search from ending.
enum class nnls_verdict : std::uint8_t { unique, dependent, unfinished };
KVT_CHOICE(nnls_verdict, "unique", "dependent", "unfinished");

/// How the minimiser was found: from the normal equations, or from a triangle that keeps twice the digits.
enum class nnls_method : std::uint8_t { gram, triangle };
KVT_CHOICE(nnls_method, "gram", "triangle");

struct nnls_fit {
    std::vector<double> x{};  ///< the coefficients; those at the bound are exactly 0
    double residual = 0;      ///< |Xx - y|
    double kkt = 0;         ///< largest violation of the conditions of Karush, Kuhn and Tucker: gradients above 0 (not
                            ///< 0 where x > 0), each over its column's length times |y|
    std::int64_t rank = 0;  ///< of the columns scaled to length 1, singular values above 1e-10 of the largest
    std::int64_t iterations = 0;  ///< least-squares fits of some columns
    nnls_method method = nnls_method::gram;
    nnls_verdict verdict = nnls_verdict::unique;
};
KVT_RECORD(nnls_fit, x, residual, kkt, rank, iterations, method, verdict);

}  // namespace kvt::inline KVT_ABI::numeric
