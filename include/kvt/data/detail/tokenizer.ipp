#pragma once

#include <kvt/data/tokenizer.hpp>

namespace kvt::inline KVT_ABI::data {

KVT_DECL double ideograph_share(std::span<example const> examples) {
    std::size_t ideographs = 0, characters = 0;
    for (auto const& e : examples)
        for (std::string_view part : {std::string_view{e.context}, std::string_view{e.question}}) {
            auto const t = text::tally(part);
            ideographs += t.ideographs;
            characters += t.characters;
        }
    return characters == 0 ? 0 : static_cast<double>(ideographs) / static_cast<double>(characters);
}

}  // namespace kvt::inline KVT_ABI::data
