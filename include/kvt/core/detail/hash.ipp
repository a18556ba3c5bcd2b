#pragma once

#include <kvt/core/error.hpp>
#include <kvt/core/hash.hpp>

#include <openssl/evp.h>

#include <cstdio>
#include <memory>

namespace kvt::inline KVT_ABI {

KVT_DECL sha256_digest sha256(std::string_view bytes) {
    sha256_digest digest{};
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
        throw error{error_kind::work, "SHA-256", "the cryptography library refused to hash"};
    return digest;
}

namespace detail {
KVT_DECL std::string to_hex(sha256_digest const& digest, std::size_t digits) {
    static constexpr char alphabet[] = "0123456789abcdef";
    std::string hex;
    for (auto byte : digest) hex += alphabet[byte >> 4], hex += alphabet[byte & 15];
    hex.resize(digits < hex.size() ? digits : hex.size());
    return hex;
}
}  // namespace detail

KVT_DECL std::string sha256_hex(std::string_view bytes, std::size_t digits) {
    return detail::to_hex(sha256(bytes), digits);
}

KVT_DECL sha256_stream::sha256_stream() : state_{EVP_MD_CTX_new()} {
    if (state_ == nullptr || EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(state_), EVP_sha256(), nullptr) != 1)
        throw error{error_kind::work, "SHA-256", "the cryptography library refused to hash"};
}
KVT_DECL sha256_stream::~sha256_stream() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(state_)); }
KVT_DECL void sha256_stream::update(std::string_view bytes) {
    EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(state_), bytes.data(), bytes.size());
}
KVT_DECL std::string sha256_stream::hex() {
    sha256_digest digest{};
    EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(state_), digest.data(), nullptr);
    return detail::to_hex(digest, 64);
}

KVT_DECL std::string sha256_file(std::string const& path) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const file{std::fopen(path.c_str(), "rb"), &std::fclose};
    if (!file) throw error{error_kind::missing, path, "cannot be opened", "a readable file"};
    sha256_stream stream;
    std::string block(1 << 16, '\0');
    while (std::size_t const n = std::fread(block.data(), 1, block.size(), file.get()))
        stream.update({block.data(), n});
    if (std::ferror(file.get()) != 0) throw error{error_kind::io, path, "cannot be read"};
    return stream.hex();
}

}  // namespace kvt::inline KVT_ABI
