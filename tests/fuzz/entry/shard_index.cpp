// libFuzzer: indexes of shards.
#include "fuzz/container_targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    (void)fuzz::shard_index({reinterpret_cast<char const*>(data), size});
    return 0;
}
