#pragma once

#include <kvt/tensor/detail/safetensors.ipp>
#include <kvt/tensor/shard_index.hpp>

namespace kvt::inline KVT_ABI::tensor {

KVT_DECL shard_index parse_shard_index(std::string_view text, std::string_view where) {
    detail::fault_site const site{where};
    simdjson::dom::parser parser;
    simdjson::dom::element root, map, metadata;
    auto code = parser.allocate(text.size() + 1, 64);
    if (code == simdjson::SUCCESS) code = parser.parse(text.data(), text.size()).get(root);
    if (code != simdjson::SUCCESS)
        site.refuse("index_schema", std::string{"not JSON ("} + simdjson::error_message(code) + ")");
    detail::refuse_repeated_keys(root, site);
    if (root["weight_map"].get(map) != simdjson::SUCCESS || !map.is_object())
        site.refuse("index_schema", "no object \"weight_map\"", "tensor name to shard file name");
    shard_index index;
    for (auto [name, value] : map.get_object()) {
        std::string_view shard;
        if (value.get_string().get(shard) != simdjson::SUCCESS)
            site.refuse("index_schema", "the shard of " + detail::in_quotes(name) + " is not a string");
        if (shard.empty() || shard == "." || shard == ".." ||
            shard.find_first_of(std::string_view{"/\\\0", 3}) != shard.npos)
            site.refuse("bad_shard_name", detail::in_quotes(shard), "a file name without a folder");
        index.shards[std::string{shard}].emplace(name);
    }
    std::uint64_t size = 0;
    if (root["metadata"].get(metadata) == simdjson::SUCCESS &&
        metadata["total_size"].get_uint64().get(size) == simdjson::SUCCESS)
        index.total_size = size;
    return index;
}

}  // namespace kvt::inline KVT_ABI::tensor
