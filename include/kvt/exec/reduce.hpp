// Results of loops that do not depend on the number of threads: maps into slots, reductions along a fixed tree.
#pragma once

#include <kvt/exec/executor.hpp>

#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::exec {

/// `{f(0), ..., f(n-1)}`, computed by the executor. The results' type must be default-constructible and not bool.
template <executor E, class F> [[nodiscard]] auto parallel_map(E const& e, std::size_t n, F&& f) {
    using result = std::remove_cvref_t<std::invoke_result_t<F&, std::size_t>>;
    static_assert(!std::same_as<result, bool>, "kvt: std::vector<bool> cannot be filled from several threads; return "
                                               "std::uint8_t");
    std::vector<result> out(n);
    e.parallel_for(n, [&](std::size_t i) { out[i] = f(i); });
    return out;
}

/// Calls `f(begin, end)` for the pieces of 0..n-1 that are `block` long (the last may be shorter). The pieces depend on
/// `n` and `block` alone. Answers whether all were run, as `parallel_for` does.
template <executor E, class F, class Stop = never_stop>
bool parallel_blocks(E const& e, std::size_t n, std::size_t block, F&& f, Stop&& stop = {}) {
    block = block == 0 ? 1 : block;
    auto const count = n / block + (n % block == 0 ? 0 : 1);
    return e.parallel_for(
        count, [&](std::size_t i) { f(i * block, n - i * block < block ? n : (i + 1) * block); }, stop);
}

/// Reduces in place along a fixed binary tree: neighbours first, then neighbouring pairs, and so on.
/// `identity` is the result for no parts.
template <class T, class Combine> [[nodiscard]] T tree_combine(std::vector<T> parts, T identity, Combine&& combine) {
    for (std::size_t stride = 1; stride < parts.size(); stride *= 2)
        for (std::size_t i = 0; i + stride < parts.size(); i += 2 * stride)
            parts[i] = combine(std::move(parts[i]), std::move(parts[i + stride]));
    return parts.empty() ? std::move(identity) : std::move(parts.front());
}

/// `map(begin, end)` over blocks, combined along the tree of `tree_combine`: the same bits for any executor, also where
/// `combine` is not associative (floating point). `identity` is the result for n = 0.
template <executor E, class T, class Map, class Combine>
[[nodiscard]] T parallel_reduce(E const& e, std::size_t n, std::size_t block, T identity, Map&& map,
                                Combine&& combine) {
    block = block == 0 ? 1 : block;
    auto const count = n / block + (n % block == 0 ? 0 : 1);
    auto parts = parallel_map(
        e, count, [&](std::size_t i) -> T { return map(i * block, n - i * block < block ? n : (i + 1) * block); });
    return tree_combine(std::move(parts), std::move(identity), combine);
}

/// The sum of the values: in order within blocks of 1024, then along the tree.
template <executor E> [[nodiscard]] double parallel_sum(E const& e, std::span<double const> values) {
    return parallel_reduce(
        e, values.size(), 1024, 0.0,
        [&](std::size_t begin, std::size_t end) {
            double sum = 0;
            for (double v : values.subspan(begin, end - begin)) sum += v;
            return sum;
        },
        [](double a, double b) { return a + b; });
}

}  // namespace kvt::inline KVT_ABI::exec
