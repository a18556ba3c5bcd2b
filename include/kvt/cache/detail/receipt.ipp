#pragma once

#include <kvt/cache/receipt.hpp>
#include <kvt/core/hash.hpp>

namespace kvt::inline KVT_ABI::cache {

KVT_DECL std::vector<std::int64_t> to_deltas(std::span<std::int32_t const> positions) {
    std::vector<std::int64_t> deltas;
    std::int64_t last = 0;
    for (auto p : positions) deltas.push_back(p - last), last = p;
    return deltas;
}

KVT_DECL std::vector<std::int64_t> from_deltas(std::span<std::int64_t const> deltas) {
    std::vector<std::int64_t> positions;
    std::int64_t last = 0;
    for (auto d : deltas) positions.push_back(last += d);
    return positions;
}

KVT_DECL std::string hash_tokens(std::span<std::int32_t const> ids) {
    std::string text;
    for (auto id : ids) text += (text.empty() ? "" : ",") + std::to_string(id);
    return sha256_hex(text);
}

KVT_DECL std::string hash_terms(receipt const& r) {
    return sha256_hex(dump(json::of({{"policy", r.policy},
                                     {"parameters", r.parameters},
                                     {"budget", r.budget},
                                     {"mode", name_of(r.mode)},
                                     {"question", name_of(r.question)},
                                     {"seed", r.seed},
                                     {"item", r.item}}),
                           json_style::canonical));
}

KVT_DECL std::string hash_receipt(receipt const& r) {
    json all = to_json(r);
    all.erase("hash");
    return sha256_hex(dump(all, json_style::canonical));
}

KVT_DECL std::string receipt_text(receipt const& r) { return dump(to_json(r), json_style::canonical); }

}  // namespace kvt::inline KVT_ABI::cache
