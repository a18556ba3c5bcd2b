// shard_index: which file holds which tensor of a model that is spread over several.
#pragma once

#include <kvt/version.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::tensor {

/// A `.safetensors.index.json`, its names checked, its files not.
struct shard_index {
    std::map<std::string, std::set<std::string, std::less<>>> shards;  ///< file name to its tensors
    std::optional<std::uint64_t> total_size;                           ///< bytes of tensors, where it says
};

/// Throws `error{malformed}` whose problem starts with the reason: `index_schema`, `duplicate_key`, `bad_shard_name` (a
/// name that is empty, leads to another folder, or holds a NUL).
[[nodiscard]] shard_index parse_shard_index(std::string_view text, std::string_view where);

}  // namespace kvt::inline KVT_ABI::tensor

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/tensor/detail/shard_index.ipp>
#endif
