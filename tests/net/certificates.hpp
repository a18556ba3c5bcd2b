// Certificates made for one test run: an authority and servers' certificates that it signed.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <net/scripted_server.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

namespace certificates {

struct key_free {
    void operator()(EVP_PKEY* k) const { EVP_PKEY_free(k); }
};
struct cert_free {
    void operator()(X509* c) const { X509_free(c); }
};

/// A certificate with its key. `names` as OpenSSL writes alternative names: "DNS:localhost,IP:127.0.0.1".
struct pair {
    std::unique_ptr<EVP_PKEY, key_free> key;
    std::unique_ptr<X509, cert_free> certificate;

    /// Signed by `by`, or by itself. Valid from `from` to `to` seconds from now.
    pair(std::string const& name, std::string const& names, pair const* by, long from = -3600, long to = 3600)
        : key{EVP_EC_gen("P-256")}, certificate{X509_new()} {
        auto* c = certificate.get();
        static long serial = 1;
        X509_set_version(c, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(c), serial++);
        X509_gmtime_adj(X509_getm_notBefore(c), from);
        X509_gmtime_adj(X509_getm_notAfter(c), to);
        X509_set_pubkey(c, key.get());
        auto const* text = reinterpret_cast<unsigned char const*>(name.c_str());
        X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_UTF8, text, -1, -1, 0);
        X509* issuer = by != nullptr ? by->certificate.get() : c;
        X509_set_issuer_name(c, X509_get_subject_name(issuer));
        extend(issuer, NID_basic_constraints, by == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
        if (!names.empty()) extend(issuer, NID_subject_alt_name, names.c_str());
        if (X509_sign(c, by != nullptr ? by->key.get() : key.get(), EVP_sha256()) == 0)
            throw std::runtime_error{"cannot sign a certificate"};
    }

  private:
    void extend(X509* issuer, int kind, char const* value) const {
        X509V3_CTX context;
        X509V3_set_ctx(&context, issuer, certificate.get(), nullptr, nullptr, 0);
        auto* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
        X509_add_ext(certificate.get(), extension, -1);
        X509_EXTENSION_free(extension);
    }
};

/// The certificate as a PEM file that disappears with this object.
class pem_file {
  public:
    explicit pem_file(pair const& p) {
        char name[] = "/tmp/kvt_test_XXXXXX";
        std::FILE* out = ::fdopen(::mkstemp(name), "w");
        PEM_write_X509(out, p.certificate.get());
        std::fclose(out);
        path_ = name;
    }
    ~pem_file() { std::remove(path_.c_str()); }
    pem_file(pem_file const&) = delete;
    pem_file& operator=(pem_file const&) = delete;
    [[nodiscard]] std::string const& path() const { return path_; }

  private:
    std::string path_;
};

/// What a TLS client said to the server, and how the server's side of the handshake ended.
struct seen {
    bool shaken = false;
    std::string server_name;
    std::string request;
};

/// Serves one reply per connection over TLS with the given certificate.
class tls_server {
  public:
    tls_server(pair const& own, std::string reply, int newest = TLS1_3_VERSION)
        : context_{SSL_CTX_new(TLS_server_method())}, reply_{std::move(reply)}, server_{
                                                                                    [this](scripted::line const& l) {
                                                                                        serve(l);
                                                                                    }} {
        SSL_CTX_use_certificate(context_, own.certificate.get());
        SSL_CTX_use_PrivateKey(context_, own.key.get());
        SSL_CTX_set_max_proto_version(context_, newest);
        if (newest < TLS1_2_VERSION) {
            SSL_CTX_set_min_proto_version(context_, newest);
            SSL_CTX_set_security_level(context_, 0);
        }
        last_.set({});  // hands the finished context over to the server's thread
    }
    ~tls_server() { SSL_CTX_free(context_); }
    tls_server(tls_server const&) = delete;
    tls_server& operator=(tls_server const&) = delete;
    [[nodiscard]] std::string url(std::string const& host = "127.0.0.1") const {
        return "https://" + host + ":" + std::to_string(server_.port()) + "/";
    }
    [[nodiscard]] int connections() const { return server_.connections(); }
    [[nodiscard]] seen last() const { return last_.get(); }

  private:
    void serve(scripted::line const& l) {
        SSL* tls = SSL_new(context_);
        SSL_set_fd(tls, l.fd);
        seen now;
        last_.set(now);
        if (SSL_accept(tls) == 1) {
            now.shaken = true;
            if (char const* name = SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name)) now.server_name = name;
            char piece[4096];
            for (int n = 0; (n = SSL_read(tls, piece, sizeof piece)) > 0;) {
                now.request.append(piece, static_cast<std::size_t>(n));
                last_.set(now);
                if (now.request.find("\r\n\r\n") == std::string::npos) continue;
                SSL_write(tls, reply_.data(), static_cast<int>(reply_.size()));
                if (reply_.find("Connection: close") != std::string::npos) break;
                now.request.clear();
            }
        }
        SSL_free(tls);
    }
    SSL_CTX* context_;
    std::string reply_;
    scripted::shared<seen> last_;
    scripted::server server_;
};

}  // namespace certificates
