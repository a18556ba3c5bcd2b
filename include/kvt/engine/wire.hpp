// The bodies of OpenAI-compatible requests and replies, as pure functions from and to JSON.
#pragma once

#include <kvt/engine/engine.hpp>
#include <kvt/engine/notes.hpp>
#include <kvt/engine/transport.hpp>
#include <kvt/net/http.hpp>

#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::engine {

/// Whether the reply is to come whole or as server-sent events.
enum class delivery : std::uint8_t { whole, streamed };
KVT_CHOICE(delivery, "whole", "streamed");

/// The body of a request (spec I3): model, messages or prompt, temperature, max_tokens, then seed, stream and kv
/// where they apply, then the extra fields, which win.
[[nodiscard]] json request_body(request const& r, api endpoint, kv_transport transport, delivery how);

/// Content-Type, the configured headers over it, and Authorization last where there is a key (spec I3). Throws
/// `error{usage}` where a configured header is not text.
[[nodiscard]] net::headers request_headers(json const& configured, std::string_view key);

/// What goes out with a request and must not be kept: the key; the values of the configured headers, whole and without
/// the word before a blank (`Bearer`), but for headers that hold no secrets (Content-Type, User-Agent and the like); and
/// what stands in the extra fields and is the value of an environment variable whose name ends in KEY, TOKEN, SECRET or
/// PASSWORD.
[[nodiscard]] secret_list secrets_of(json const& configured, std::string_view key, json const& extra_body);

/// Reads a whole 2xx reply (spec I4): text, finish reason, usage, notes on the reply's model and id, evidence.
/// Without choices[0], or with an answer that is neither text nor null, the outcome is a `malformed` failure. An
/// absent answer is an empty one. Times are left to the caller.
[[nodiscard]] outcome read_reply(json reply, api endpoint, kv_request const& asked);

/// Puts the chunks of a streamed reply together.
class stream_reader {
  public:
    explicit stream_reader(api endpoint) : endpoint_{endpoint} {}
    /// The text that this chunk adds; throws `error{malformed}` for a chunk that is none and for an error the server
    /// sent.
    [[nodiscard]] std::string add(json const& chunk);
    [[nodiscard]] bool finished() const { return !finish_reason_.is_null(); }
    /// The reply as it would have come whole.
    [[nodiscard]] json whole() const;

  private:
    api endpoint_;
    std::string text_;
    json finish_reason_, rest_ = json::object{};
};

/// What a server said in the body of a refusal, as one short line: the message of an error object, the title of an HTML
/// page, or the beginning of whatever it is.
[[nodiscard]] std::string error_words(std::string_view body);

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/wire.ipp>
#endif
