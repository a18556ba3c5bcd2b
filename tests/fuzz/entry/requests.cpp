// libFuzzer: request tables.
#include "fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    fuzz::request_table({reinterpret_cast<char const*>(data), size});
    return 0;
}
