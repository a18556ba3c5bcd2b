#pragma once

#include <kvt/engine/openai.hpp>
#include <kvt/engine/wire.hpp>
#include <kvt/net/sse.hpp>

#include <cmath>
#include <cstdlib>
#include <utility>

namespace kvt::inline KVT_ABI::engine {
namespace detail {

/// The body of a reply on its way in: events where they are events, else one text.
struct incoming {
    api endpoint;
    secret_list const& secrets;
    run_context& context;
    token_sink const* sink;
    stream_reader chunks{endpoint};
    net::sse_parser parser{};
    std::string whole{};    ///< a reply that is no event stream
    std::string problem{};  ///< why the exchange was ended from this side
    failure_kind problem_kind = failure_kind::malformed;
    double first_s = -1;  ///< when the first piece of the answer came
    bool events = false, done = false, decided = false;

    bool end(failure_kind kind, std::string why) {
        problem_kind = kind;
        problem = std::move(why);
        return false;
    }
    bool take_event(std::string const& data) {
        if (data == "[DONE]") return done = true;
        try {
            auto const piece = chunks.add(parse_json(secrets.redact(data), "a chunk of the stream"));
            if (piece.empty()) return true;
            if (first_s < 0) first_s = context.seconds();
            if (sink != nullptr && !(*sink)(piece))
                return end(failure_kind::network, "connection closed: nobody listens any more");
        } catch (error const& bad) {
            if (bad.kind() == error_kind::work) return end(failure_kind::http, one_line(bad.what()));
            return end(failure_kind::malformed, "malformed reply: " + one_line(bad.what()));
        }
        return true;
    }
    bool operator()(std::string_view piece) {
        if (!decided) {
            whole += piece;
            auto const start = whole.find_first_not_of(" \t\r\n");
            auto const head = std::string_view{whole}.substr(start == std::string::npos ? whole.size() : start);
            if (head.size() < std::string_view{"event:"}.size() && head.find('\n') == std::string_view::npos)
                return true;
            decided = true;
            for (std::string_view field : {"data:", "event:", "id:", "retry:", ":"})
                events = events || head.starts_with(field);
            return !events || take(std::exchange(whole, {}));
        }
        if (events) return take(piece);
        whole += piece;
        return true;
    }
    bool take(std::string_view piece) {
        std::vector<net::sse_event> arrived;
        if (!parser.feed(piece, arrived)) return end(failure_kind::malformed, "malformed reply: an endless event");
        for (auto const& event : arrived)
            if (!take_event(event.data)) return false;
        return true;
    }
    /// The reply once everything has come.
    outcome finish(kv_request const& asked) {
        if (events && !done && !chunks.finished())
            return failed(failure_kind::network, "network error: connection closed in the middle of the answer");
        if (events) return read_reply(secrets.redact_strings(chunks.whole()), endpoint, asked);
        auto const text = secrets.redact(std::move(whole));
        try {
            auto reply = parse_json(text);
            if (reply.is_object())
                return read_reply(secrets.redact_strings(reply), endpoint, asked);  // what was escaped too
            return failed(failure_kind::malformed, "malformed reply: found " + std::string{reply.type_name()});
        } catch (error const& bad) {
            auto const start = text.find_first_not_of(" \t\r\n");
            bool const page = start == std::string::npos || text[start] == '<';
            return failed(failure_kind::malformed, "malformed reply: " + (page ? error_words(text) : bad.problem()));
        }
    }
    static outcome failed(failure_kind kind, std::string why) { return failure{kind, std::move(why), {}, {}, 0}; }
};

KVT_DECL failure http_status_failure(net::http_reply const& reply) {
    failure out{failure_kind::http,
                "HTTP request failed with status " + std::to_string(reply.status) + ": " + error_words(reply.body),
                reply.status,
                {},
                0};
    if (auto const* after = net::find_header(reply.headers, "Retry-After"))
        out.retry_after_s = net::retry_after_seconds(*after);
    return out;
}

KVT_DECL std::string key_from(std::string const& variable) {
    char const* value = variable.empty() ? nullptr : std::getenv(variable.c_str());
    return value != nullptr ? value : "";
}

KVT_DECL net::client_options limits_of(openai const& e, double timeout_s) {
    double const wanted = e.timeout_s.value_or(timeout_s);
    return {e.connect_timeout_s,
            wanted > 0 && std::isfinite(wanted) ? wanted : 120,
            e.max_reply_bytes,
            std::int64_t{64} << 10,
            {e.ca_file}};
}

/// The transport to use now; asks the server where that is left to it.
KVT_LAZY inline std::variant<kv_transport, failure> settle_transport(openai const& e, net::headers const& headers,
                                                                     net::client_options const& limits) {
    if (is_openai_host(e.base_url)) return kv_transport::none;
    if (e.kv_transport != kv_transport::automatic) return e.kv_transport;
    auto quick = limits;  // a list of models is no work
    quick.timeout_s = std::min(quick.timeout_s, 10.0);
    auto const known = e.discovery.ask(e.client, e.base_url, headers, quick);
    if (auto const* unknown = std::get_if<failure>(&known)) return *unknown;
    return std::get<kv_ability>(known).speaks_kv ? kv_transport::kv : kv_transport::extra_body;
}

KVT_LAZY inline outcome ask(openai const& e, run_context& context, request r, token_sink const* sink) {
    (void)net::parse_url(e.base_url, "engine.base_url");
    r = fit_for_host(std::move(r), e.base_url);
    if (r.model.empty()) r.model = e.model;
    auto const endpoint = e.endpoint.value_or(r.endpoint);
    auto const key = key_from(e.api_key_env);
    auto const headers = request_headers(e.headers, key);
    auto const secrets = secrets_of(e.headers, key, r.extra_body);
    auto const limits = limits_of(e, r.timeout_s);
    double start = context.seconds();
    auto const failed = [&](failure f) -> outcome {
        f.message = secrets.redact(std::move(f.message));
        f.start_s = start;
        return f;
    };
    auto const transport = settle_transport(e, headers, limits);
    if (auto const* unknown = std::get_if<failure>(&transport)) return failed(*unknown);
    auto const by = std::get<kv_transport>(transport);
    auto const body = request_body(r, endpoint, by, e.stream ? delivery::streamed : delivery::whole);
    net::http_request const out{"POST", endpoint_url(e.base_url, endpoint), headers, dump(body)};
    incoming in{.endpoint = endpoint, .secrets = secrets, .context = context, .sink = sink};
    start = context.seconds();
    auto const result = e.client.send(out, limits, in);
    double const end = context.seconds();
    if (!in.problem.empty()) return failed({in.problem_kind, in.problem, {}, {}, 0});
    if (auto const* none = std::get_if<net::http_failure>(&result)) {
        static constexpr failure_kind kinds[] = {failure_kind::timeout, failure_kind::network, failure_kind::malformed};
        return failed({kinds[static_cast<int>(none->kind)], none->message, {}, {}, 0});
    }
    auto const& reply = std::get<net::http_reply>(result);
    if (reply.status / 100 != 2)
        return failed(http_status_failure({reply.status, reply.headers, secrets.redact(reply.body)}));
    auto read = in.finish(r.kv);
    if (auto* bad = std::get_if<failure>(&read)) return failed(std::move(*bad));
    auto& good = std::get<response>(read);
    if (!in.events && sink != nullptr && good.text) (*sink)(*good.text);
    good.start_s = start;
    good.latency_s = end - start;
    if (in.first_s >= 0) good.ttfb_s = in.first_s - start;
    good.sent = by == kv_transport::kv ? budget_sent::yes : r.extra_body_budget;
    good.notes["request"] = cut_strings(secrets.redact_strings(body));
    return read;
}

}  // namespace detail

KVT_LAZY_DECL outcome openai::generate(run_context& context, request const& r) const {
    return detail::ask(*this, context, r, nullptr);
}
KVT_LAZY_DECL outcome openai::generate(run_context& context, request const& r, token_sink sink) const {
    return detail::ask(*this, context, r, &sink);
}
KVT_LAZY_DECL evidence openai::proves() const {
    if (is_openai_host(base_url) || kv_transport == engine::kv_transport::none ||
        kv_transport == engine::kv_transport::extra_body)
        return evidence::none;
    if (kv_transport == engine::kv_transport::kv) return evidence::receipts;
    (void)net::parse_url(base_url, "engine.base_url");
    auto const known = discovery.ask(client, base_url, request_headers(headers, detail::key_from(api_key_env)),
                                     detail::limits_of(*this, 10));
    auto const* ability = std::get_if<kv_ability>(&known);
    return ability != nullptr && ability->speaks_kv ? ability->proves : evidence::none;
}

}  // namespace kvt::inline KVT_ABI::engine
