// nearest_name: what a misspelt word was meant to be.
#pragma once

#include <kvt/version.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI {

/// The candidate nearest to `word` by edit distance, or empty when none is within `farthest` changes.
template <class Range>
[[nodiscard]] std::string nearest_name(std::string_view word, Range const& candidates, std::size_t farthest) {
    std::string best;
    std::size_t best_distance = farthest + 1;
    for (std::string_view candidate : candidates) {
        std::string row(candidate.size() + 1, '\0');  // distances fit a byte: names are short
        if (candidate.size() > 200 || word.size() > 200) continue;
        for (std::size_t j = 0; j <= candidate.size(); ++j) row[j] = static_cast<char>(j);
        for (std::size_t i = 1; i <= word.size(); ++i) {
            auto diagonal = static_cast<unsigned char>(row[0]);
            row[0] = static_cast<char>(i);
            for (std::size_t j = 1; j <= candidate.size(); ++j) {
                auto const above = static_cast<unsigned char>(row[j]);
                auto const left = static_cast<unsigned char>(row[j - 1]);
                unsigned const swapped = diagonal + (word[i - 1] == candidate[j - 1] ? 0U : 1U);
                unsigned const moved = (above < left ? above : left) + 1U;
                diagonal = above;
                row[j] = static_cast<char>(swapped < moved ? swapped : moved);
            }
        }
        auto const distance = static_cast<std::size_t>(static_cast<unsigned char>(row[candidate.size()]));
        if (distance < best_distance) best_distance = distance, best = candidate;
    }
    return best;
}

/// The candidate nearest to `word`, or empty when none is near (more than a third differs).
/// For messages of the form "unknown key `buget`; did you mean `budget`?".
template <class Range> [[nodiscard]] std::string nearest_name(std::string_view word, Range const& candidates) {
    return nearest_name(word, candidates, word.size() / 3);
}

}  // namespace kvt::inline KVT_ABI
