// openai: an engine behind an OpenAI-compatible HTTP server.
#pragma once

#include <kvt/engine/discovery.hpp>
#include <kvt/engine/engine.hpp>
#include <kvt/engine/transport.hpp>
#include <kvt/net/http_client.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::engine {

/// Asks a server over HTTP(S). Whatever goes wrong on the way or in the reply is a `failure`; only a configuration
/// that cannot work (a base URL that is none, a header with a line break, a missing CA file) throws. The key is read
/// from the environment at each call, goes into the Authorization header and nowhere else. Should a server repeat it, or
/// another secret that went out (see `secrets_of`), messages, notes and the stored reply show `<redacted>`.
///
/// `kvt serve` is recognised and sent the `kv` object; its receipts are verified on arrival. Other servers are sent the
/// request's extra fields, where templates may carry the budget.
struct openai {
    std::string base_url = "https://api.openai.com";
    std::string api_key_env = "OPENAI_API_KEY";  ///< name of the variable that holds the key; empty: no key
    std::string model{};                         ///< asked for where the request names none
    std::optional<api> endpoint{};               ///< chat or completions, whatever the request is meant for
    json headers{};                              ///< further headers, name to text
    std::optional<double> timeout_s{};           ///< instead of the request's
    double connect_timeout_s = 10;
    bool stream = false;  ///< take the answer as it is made, which measures ttfb_s
    engine::kv_transport kv_transport = engine::kv_transport::automatic;
    std::int64_t max_reply_bytes = std::int64_t{64} << 20;
    std::string ca_file{};  ///< PEM; see net::tls_trust

    net::http_client client{};  ///< keeps connections; shared by copies; no parameter
    kv_discovery discovery{};   ///< what is known of servers; shared by copies; no parameter

    static constexpr std::string_view name = "openai_compat";

    KVT_LAZY [[nodiscard]] outcome generate(run_context& context, request const& r) const;
    /// Hands the answer's pieces on as they come, where `stream` is set; else as one piece at the end.
    KVT_LAZY [[nodiscard]] outcome generate(run_context& context, request const& r, token_sink sink) const;
    [[nodiscard]] identity describe() const { return {std::string{name}, base_url, model, {}}; }
    /// What the server can bring back: asks it, unless the transport is fixed. `none` where it cannot be asked.
    KVT_LAZY [[nodiscard]] evidence proves() const;
};
KVT_RECORD(openai, base_url, api_key_env, model, endpoint, headers, timeout_s, connect_timeout_s, stream, kv_transport,
           max_reply_bytes, ca_file);

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/openai.ipp>
#endif
