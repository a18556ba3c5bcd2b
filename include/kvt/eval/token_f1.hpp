// token_f1: harmonic mean of the shares of words that answer and gold have in common (spec J1).
#pragma once

#include <kvt/eval/metric.hpp>
#include <kvt/text/normalize.hpp>
#include <kvt/text/overlap.hpp>

namespace kvt::inline KVT_ABI::eval {

/// F1 over normalised words. `multiset` counts a word as often as both sides have it (Rajpurkar et al. 2016); `set`
/// counts it once, so that a perfect answer with a repeated word scores below 1.
struct token_f1 {
    static constexpr std::string_view name = "f1";
    text::overlap overlap = text::overlap::multiset;

    [[nodiscard]] double operator()(std::string_view prediction, std::string_view gold) const {
        return text::overlap_f1(text::normalize(prediction), text::normalize(gold), overlap);
    }
};
KVT_RECORD(token_f1, overlap);

}  // namespace kvt::inline KVT_ABI::eval
