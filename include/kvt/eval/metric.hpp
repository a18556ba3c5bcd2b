// metric: how good one answer is. The contract, and plain equality as its trivial model.
#pragma once

#include <kvt/core/record.hpp>
#include <kvt/core/stage.hpp>

#include <algorithm>
#include <concepts>
#include <span>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::eval {

/// Compares an answer as the model wrote it with one gold answer: 1 for equal texts that are not empty, 0 for nothing
/// in common, never outside [0, 1]. A pure function of the two texts and the metric's public fields.
/// Satisfied by `same_text`, `exact_match`, `token_f1`.
template <class M> concept metric =
    named<M> && record<M> && requires(M const& m, std::string_view prediction, std::string_view gold) {
        { m(prediction, gold) } -> std::same_as<double>;
    };

/// The best score over several golds, any of which is right; 0 where there are none.
template <metric M>
[[nodiscard]] double best(M const& measure, std::string_view prediction, std::span<std::string const> golds) {
    double highest = 0;
    for (auto const& gold : golds) highest = std::max(highest, measure(prediction, gold));
    return highest;
}

/// 1 for equal bytes.
struct same_text {
    static constexpr std::string_view name = "same_text";
    [[nodiscard]] double operator()(std::string_view prediction, std::string_view gold) const {
        return prediction == gold ? 1 : 0;
    }
};
KVT_EMPTY_RECORD(same_text);

}  // namespace kvt::inline KVT_ABI::eval
