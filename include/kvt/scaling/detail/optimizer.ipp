#pragma once

#include <kvt/scaling/optimizer.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::scaling::detail {

KVT_DECL std::vector<parameter_piece> pieces_of(std::span<parameter const> tensors) {
    constexpr std::size_t longest = 16384;
    std::vector<parameter_piece> out;
    for (std::size_t t = 0; t < tensors.size(); ++t) {
        auto const end = static_cast<std::size_t>(tensors[t].offset + tensors[t].size());
        for (auto begin = static_cast<std::size_t>(tensors[t].offset); begin < end; begin += longest)
            out.push_back({begin, std::min(end, begin + longest), t});
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling::detail
