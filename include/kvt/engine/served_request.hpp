// A request body as an OpenAI-compatible server reads it: strictly, because a field that is quietly dropped is a lie.
#pragma once

#include <kvt/engine/engine.hpp>
#include <kvt/engine/kv_body.hpp>
#include <kvt/engine/wire.hpp>

#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::engine {

/// What a body asks for. `asks_usage`: a stream that is to end with a chunk of token counts.
struct served_request {
    engine::request ask;
    delivery how = delivery::whole;
    bool asks_usage = false;
    receipt_form receipt = receipt_form::summary;
};

/// Reads the body of `/v1/chat/completions` or `/v1/completions`. Known: model, messages or prompt, temperature,
/// max_tokens (max_completion_tokens), seed, stream, stream_options, ignore_eos, kv. Accepted and without effect: user, metadata,
/// store, service_tier and the like, and every sampling parameter that is not supported here as long as it has its
/// neutral value (`n: 1`, `top_p: 1`, `stop: null`). Everything else is refused: throws `error{usage|malformed}`
/// whose `where` is the key, with the nearest known key named where there is one. `model` is what this server serves;
/// a body that names another is an `error{missing}`.
[[nodiscard]] served_request read_served_request(json const& body, api endpoint, std::string_view model);

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/served_request.ipp>
#endif
