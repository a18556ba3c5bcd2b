// Which certificates a TLS client trusts.
#pragma once

#include <kvt/core/record.hpp>

#include <string>

namespace kvt::inline KVT_ABI::net {

/// Servers are always checked: the certificate chain up to a trusted authority, its dates, and the host's name (or IP
/// address). There is no way to switch that off; a server with a certificate of its own is trusted by naming that
/// certificate here.
struct tls_trust {
    std::string
        ca_file;  ///< PEM certificates trusted instead of the system's; empty: the system's, where the environment
                  ///< variables SSL_CERT_FILE and SSL_CERT_DIR replace them
};
KVT_RECORD(tls_trust, ca_file);

/// Throws `error{missing|malformed}` where the CA file does not exist or holds no certificate.
void check_trust(tls_trust const& trust);

}  // namespace kvt::inline KVT_ABI::net

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/net/detail/tls.ipp>
#endif
