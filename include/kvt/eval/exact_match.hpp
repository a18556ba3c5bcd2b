// exact_match: equal after normalisation (spec J1).
#pragma once

#include <kvt/eval/metric.hpp>
#include <kvt/text/normalize.hpp>

namespace kvt::inline KVT_ABI::eval {

/// 1 where both normalise to the same text, also to the empty one.
struct exact_match {
    static constexpr std::string_view name = "em";
    [[nodiscard]] double operator()(std::string_view prediction, std::string_view gold) const {
        return text::normalize(prediction) == text::normalize(gold) ? 1 : 0;
    }
};
KVT_EMPTY_RECORD(exact_match);

}  // namespace kvt::inline KVT_ABI::eval
