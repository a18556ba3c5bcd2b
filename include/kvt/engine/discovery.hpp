// discovery: which servers understand the `kv` object, found out by asking them once.
#pragma once

#include <kvt/engine/engine.hpp>
#include <kvt/net/http_client.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace kvt::inline KVT_ABI::engine {

/// What a server is known to understand and to prove.
struct kv_ability {
    bool speaks_kv = false;
    evidence proves = evidence::none;
};
KVT_RECORD(kv_ability, speaks_kv, proves);

/// Remembers answers by base URL. A server understands the `kv` object where `GET <base>/models` lists a model owned by
/// `kvt`; every other answer means that it does not. Copies share what is known; safe to use from several threads.
class kv_discovery {
  public:
    kv_discovery();
    kv_discovery(kv_discovery const& other) noexcept;
    kv_discovery& operator=(kv_discovery other) noexcept;
    ~kv_discovery();

    /// What is known of the server, asking it where nothing is. A server that cannot be asked now (down, slow, 429,
    /// 5xx) is a failure and stays unknown.
    KVT_LAZY [[nodiscard]] std::variant<kv_ability, failure> ask(net::http_client const& client,
                                                                 std::string_view base_url, net::headers const& headers,
                                                                 net::client_options const& limits) const;

  private:
    struct state;
    state* state_;
};

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/discovery.ipp>
#endif
