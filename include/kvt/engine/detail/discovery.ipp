#pragma once

#include <kvt/engine/discovery.hpp>
#include <kvt/engine/transport.hpp>

#include <atomic>
#include <map>
#include <mutex>
#include <utility>

namespace kvt::inline KVT_ABI::engine {

struct kv_discovery::state {
    std::atomic<int> owners{1};
    std::mutex guard;
    std::map<std::string, kv_ability, std::less<>> known;
};

KVT_DECL kv_discovery::kv_discovery() : state_{new state} {}
KVT_DECL kv_discovery::kv_discovery(kv_discovery const& other) noexcept : state_{other.state_} { ++state_->owners; }
KVT_DECL kv_discovery& kv_discovery::operator=(kv_discovery other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}
KVT_DECL kv_discovery::~kv_discovery() {
    if (--state_->owners == 0) delete state_;
}

namespace detail {

/// What a list of models says; anything that is no such list says no.
KVT_DECL kv_ability ability_in(net::http_reply const& reply) {
    if (reply.status != 200) return {};
    try {
        auto const body = parse_json(reply.body);
        auto const* models = body.find("data");
        if (models == nullptr || !models->is_array()) return {};
        for (auto const& model : models->items()) {
            auto const* owner = model.find("owned_by");
            if (owner == nullptr || !(*owner == json{"kvt"})) continue;
            auto const* proves = model.find("evidence");
            auto const level =
                proves != nullptr && proves->is_text() ? choice_of<evidence>(proves->text()) : std::nullopt;
            return {true, level.value_or(evidence::none)};
        }
    } catch (error const&) {  // not JSON, so not kvt
    }
    return {};
}

}  // namespace detail

KVT_LAZY_DECL std::variant<kv_ability, failure> kv_discovery::ask(net::http_client const& client,
                                                                  std::string_view base_url,
                                                                  net::headers const& headers,
                                                                  net::client_options const& limits) const {
    std::lock_guard const lock{state_->guard};  // callers wait for the first one's answer instead of asking too
    if (auto const found = state_->known.find(base_url); found != state_->known.end()) return found->second;
    auto const result = client.send({"GET", normalise_base_url(base_url) + "/models", headers, ""}, limits);
    if (auto const* none = std::get_if<net::http_failure>(&result)) {
        if (none->kind == net::http_failure_kind::malformed) return state_->known[std::string{base_url}] = {};
        return failure{none->kind == net::http_failure_kind::timeout ? failure_kind::timeout : failure_kind::network,
                       none->message,
                       {},
                       {},
                       0};
    }
    auto const& reply = std::get<net::http_reply>(result);
    if (reply.status == 429 || reply.status >= 500) {
        auto const* after = net::find_header(reply.headers, "Retry-After");
        return failure{failure_kind::http,
                       "HTTP request failed with status " + std::to_string(reply.status) + ": asking for models",
                       reply.status, after != nullptr ? net::retry_after_seconds(*after) : std::nullopt, 0};
    }
    return state_->known[std::string{base_url}] = detail::ability_in(reply);
}

}  // namespace kvt::inline KVT_ABI::engine
