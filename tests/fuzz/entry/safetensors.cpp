// libFuzzer: containers, and packed models among them. The first 8 bytes are made to fit the length two times in three,
// so that most of the work is in the header.
#include "fuzz/container_targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string text{reinterpret_cast<char const*>(data), size};
    (void)fuzz::container(text);
    if (size >= 9 && data[0] % 3 != 0) {
        std::uint64_t header = size - 8;
        if (auto const end = text.rfind('}'); end != text.npos && end >= 8) header = end - 7;
        std::memcpy(text.data(), &header, 8);
        (void)fuzz::container(text);
    }
    (void)fuzz::packed(text);
    return 0;
}
