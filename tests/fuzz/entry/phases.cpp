// libFuzzer: phase tables, and CSV in blocks.
#include "fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    fuzz::csv_bytes(text);
    fuzz::phase_table(text);
    fuzz::number(text);
    return 0;
}
