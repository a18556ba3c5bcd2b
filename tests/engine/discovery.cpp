#include <doctest/doctest.h>

#include <kvt/engine/openai.hpp>

#include <net/scripted_server.hpp>

#include <string>

using namespace kvt;

namespace {

engine::openai to(scripted::server const& server) {
    engine::openai e;
    e.base_url = server.url();
    e.api_key_env = "";
    return e;
}
/// Answers `/v1/models` as told, every other request well, and notes whether a kv object came.
struct place {
    std::string models;
    std::atomic<int> asked{0}, with_kv{0}, answered{0};
    void operator()(scripted::line const& l) {
        auto const request = l.read_request();
        if (request.starts_with("GET /v1/models ")) {
            ++asked;
            return l.write(models);
        }
        ++answered;
        if (request.find("\"kv\":{") != std::string::npos) ++with_kv;
        l.write(scripted::reply(R"({"choices": [{"message": {"content": "x"}}]})", "200 OK", "Connection: close\r\n"));
    }
};

}  // namespace

TEST_CASE("who speaks kv is asked once and remembered by every copy") {
    place kvt{scripted::reply(R"({"data": [{"id": "a"}, {"id": "b", "owned_by": "kvt", "evidence": "receipts"}]})",
                              "200 OK", "Connection: close\r\n")};
    scripted::server server{[&](scripted::line const& l) { kvt(l); }};
    auto const e = to(server);
    run_context context;
    CHECK(e.proves() == engine::evidence::receipts);
    auto const copy = e;
    for (int i = 0; i < 3; ++i) CHECK(std::holds_alternative<engine::response>(copy.generate(context, {})));
    CHECK(kvt.asked == 1);
    CHECK(kvt.with_kv == 3);
}

TEST_CASE("servers that are not kvt are sent no kv object") {
    run_context context;
    auto const closing = [](char const* body, char const* status = "200 OK") {
        return scripted::reply(body, status, "Connection: close\r\n");
    };
    for (auto const& models :
         {closing(R"({"data": [{"id": "a", "owned_by": "vllm"}]})"), closing("{}", "404 Not Found"), closing("<html>"),
          closing("[1]"), closing(R"({"data": 5})"), closing("{}", "401 Unauthorized"),
          std::string{"not http\r\n\r\n"}}) {
        CAPTURE(models);
        place other{models};
        scripted::server server{[&](scripted::line const& l) { other(l); }};
        auto const e = to(server);
        CHECK(e.proves() == engine::evidence::none);
        CHECK(std::holds_alternative<engine::response>(e.generate(context, {})));
        CHECK(other.with_kv == 0);
        CHECK(other.asked == 1);
    }
}

TEST_CASE("a server that cannot be asked now is not asked to answer either") {
    place busy{scripted::reply("{}", "503 Service Unavailable", "Retry-After: 2\r\nConnection: close\r\n")};
    scripted::server server{[&](scripted::line const& l) { busy(l); }};
    auto const e = to(server);
    run_context context;
    CHECK(e.proves() == engine::evidence::none);
    auto const outcome = e.generate(context, {});
    REQUIRE(std::holds_alternative<engine::failure>(outcome));
    auto const& failed = std::get<engine::failure>(outcome);
    CHECK(failed.http_status == 503);
    CHECK(failed.retry_after_s == 2.0);
    CHECK(busy.answered == 0);
    CHECK(busy.asked == 2);
}
