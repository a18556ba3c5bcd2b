// SHA-256: identities of prompts, models, configurations and receipts.
#pragma once

#include <kvt/version.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI {

using sha256_digest = std::array<std::uint8_t, 32>;

/// SHA-256 of the bytes (FIPS 180-4).
[[nodiscard]] sha256_digest sha256(std::string_view bytes);

/// SHA-256 as lower-case hex, cut to the first `digits` (at most 64).
[[nodiscard]] std::string sha256_hex(std::string_view bytes, std::size_t digits = 64);

/// SHA-256 of a file's bytes as lower-case hex; throws `error{missing|io}` naming the file.
[[nodiscard]] std::string sha256_file(std::string const& path);

/// SHA-256 over pieces; `hex` ends it.
class sha256_stream {
  public:
    sha256_stream();
    ~sha256_stream();
    sha256_stream(sha256_stream const&) = delete;
    sha256_stream& operator=(sha256_stream const&) = delete;
    void update(std::string_view bytes);
    [[nodiscard]] std::string hex();

  private:
    void* state_;
};

}  // namespace kvt::inline KVT_ABI

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/core/detail/hash.ipp>
#endif
