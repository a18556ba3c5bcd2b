#pragma once

#include <kvt/data/example.hpp>

namespace kvt::inline KVT_ABI::data {

KVT_DECL std::vector<token_span> evidence_of(example const& e) {
    std::vector<token_span> spans;
    if (auto const* evidence = e.meta.find("evidence"); evidence != nullptr && evidence->is_array())
        for (auto const& span : evidence->items()) spans.push_back(from_json<token_span>(span, "meta.evidence"));
    return spans;
}

}  // namespace kvt::inline KVT_ABI::data
