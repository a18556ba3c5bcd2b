// Where a request goes and what may travel in its body: base URLs, the host that takes no extras, body templates.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/engine/engine.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::engine {

/// How the KV request reaches a server. `none`: not at all (the budget is a label). `extra_body`: through templates
/// in the request's extra fields. `kv`: as the `kv` object that `kvt serve` reads and answers with receipts.
/// `automatic`: `kv` where the server says that it understands it (engine/discovery.hpp), else `extra_body`.
enum class kv_transport : std::uint8_t { automatic, none, extra_body, kv };
KVT_CHOICE(kv_transport, "auto", "none", "extra_body", "kv");

/// The base URL without trailing slashes and with `/v1` at its end (spec I3).
[[nodiscard]] std::string normalise_base_url(std::string_view base_url);

/// `<base>/chat/completions` or `<base>/completions`.
[[nodiscard]] std::string endpoint_url(std::string_view base_url, api endpoint);

/// Whether the URL's host is exactly api.openai.com, in any case, at any port. That host refuses unknown fields and
/// cannot compress a cache, so nothing about the KV cache is ever sent to it (spec I5).
[[nodiscard]] bool is_openai_host(std::string_view base_url);

/// The request as the host takes it: without extra fields where that is api.openai.com.
[[nodiscard]] request fit_for_host(request r, std::string_view base_url);

/// What body templates can name: `{kv_budget}` (also `{kv.budget}`), `{kv_policy}` (also `{kv.policy}`), `{run_id}`,
/// `{model}`, `{seed}`.
struct template_values {
    double kv_budget = 1;
    std::string kv_policy;
    std::string run_id;
    std::string model;
    std::optional<std::int64_t> seed;
};
KVT_RECORD(template_values, kv_budget, kv_policy, run_id, model, seed);

/// Expands the templates of `extra_body` at any depth: a string that is just `{name}` becomes the value with its
/// type, `{name}` inside a longer string becomes its text. Only strings are expanded, never keys; braces around
/// anything but a name stay as they are. What is no mapping becomes an empty one. Throws `error{usage}` naming the
/// key for unknown names.
[[nodiscard]] json expand_templates(json const& extra_body, template_values const& values,
                                    std::string_view where = "engine.request.extra_body");

/// Whether a template for the budget stands anywhere in it: without one, `kv_transport::extra_body` sends no budget.
[[nodiscard]] bool sends_budget(json const& extra_body);

/// Gives a request its extra fields: the templates expanded, and whether the budget was among them.
void put_extra_body(request& into, json const& templates, template_values const& values);

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/transport.ipp>
#endif
