#pragma once

#include <kvt/net/tls.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <cstdio>

namespace kvt::inline KVT_ABI::net {
namespace detail {

/// OpenSSL's own words for the first error of this thread's queue, which is emptied.
KVT_DECL std::string openssl_words() {
    auto const code = ERR_get_error();
    ERR_clear_error();
    char const* reason = ERR_reason_error_string(code);
    return reason != nullptr ? reason : "unknown error";
}

/// A client context: TLS 1.2 or later, peers verified against `trust`.
KVT_DECL boost::asio::ssl::context client_context(tls_trust const& trust) {
    namespace ssl = boost::asio::ssl;
    ssl::context context{ssl::context::tls_client};
    auto* native = context.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(native, SSL_MODE_AUTO_RETRY);
    ERR_clear_error();
    if (trust.ca_file.empty()) {
        SSL_CTX_set_default_verify_paths(native);
    } else if (SSL_CTX_load_verify_file(native, trust.ca_file.c_str()) != 1) {
        auto const reason = openssl_words();
        std::FILE* readable = std::fopen(trust.ca_file.c_str(), "rb");
        if (readable == nullptr) throw error{error_kind::missing, trust.ca_file, "cannot read the CA file"};
        std::fclose(readable);
        throw error{error_kind::malformed, trust.ca_file, "no usable certificate (" + reason + ")",
                    "certificates in PEM form"};
    }
    return context;
}

/// Asks for `host` by name and demands a certificate for it.
KVT_DECL void expect_host(SSL* connection, std::string const& host) {
    boost::system::error_code no_address;
    boost::asio::ip::make_address(host, no_address);
    auto* parameters = SSL_get0_param(connection);
    if (!no_address) {
        X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str());
        return;
    }
    SSL_set_tlsext_host_name(connection, host.c_str());
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
}

/// Why a handshake failed, in the words of certificate checking where that was it.
KVT_DECL std::string handshake_words(SSL const* connection, boost::system::error_code code) {
    auto const verdict = SSL_get_verify_result(connection);
    if (verdict != X509_V_OK) return std::string{"certificate refused: "} + X509_verify_cert_error_string(verdict);
    auto text = code.message();
    if (auto const bracket = text.find(" ("); bracket != std::string::npos) text.resize(bracket);
    return text;
}

}  // namespace detail

KVT_DECL void check_trust(tls_trust const& trust) { detail::client_context(trust); }

}  // namespace kvt::inline KVT_ABI::net
