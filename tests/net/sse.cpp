#include <doctest/doctest.h>

#include <kvt/core/random.hpp>
#include <kvt/net/sse.hpp>

#include <string>
#include <vector>

using namespace kvt;

namespace {

std::vector<net::sse_event> parse(std::vector<std::string_view> const& pieces) {
    net::sse_parser parser;
    std::vector<net::sse_event> events;
    for (auto const piece : pieces) REQUIRE(parser.feed(piece, events));
    return events;
}
std::string print(std::vector<net::sse_event> const& events) {
    std::string out;
    for (auto const& e : events) out += "[" + e.event + "|" + e.data + "|" + e.id + "]";
    return out;
}

}  // namespace

TEST_CASE("events, as the standard's examples have them") {
    CHECK(print(parse({"data: hello\n\n"})) == "[|hello|]");
    CHECK(print(parse({"data: YHOO\ndata: +2\ndata: 10\n\n"})) == "[|YHOO\n+2\n10|]");
    CHECK(print(parse(
              {": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n"})) ==
          "[|first event|1][|second event|][| third event|]");
    CHECK(print(parse({"data\n\ndata\ndata\n\ndata:"})) == "[||][|\n|]");
    CHECK(print(parse({"data:test\n\ndata: test\n\n"})) == "[|test|][|test|]");
    CHECK(print(parse({"event: add\ndata: 73\n\nevent: gone\n\ndata: x\n\n"})) == "[add|73|][|x|]");
    CHECK(print(parse({"retry: 10\nunknown: y\ndata: a:b\n\n"})) == "[|a:b|]");
    CHECK(print(parse({"\xEF\xBB\xBF"
                       "data: x\n\n\xEF\xBB\xBF"
                       "data: not a field\n\n"})) == "[|x|]");
    CHECK(print(parse({"data: cut off\n"})).empty());
    CHECK(print(parse({""})).empty());
}

TEST_CASE("the same events however the bytes are cut") {
    std::string const stream =
        "\xEF\xBB\xBF: hi\r\ndata: {\"a\": 1}\r\n\r\ndata: b\rdata: c\r\revent: e\nid: 7\ndata: \xC3\xA4\n\r\n\rdata: [DONE]\r\n\r\n: end";
    auto const whole = print(parse({stream}));
    REQUIRE(whole == "[|{\"a\": 1}|][|b\nc|][e|\xC3\xA4|7][|[DONE]|7]");
    std::string_view const view = stream;
    for (std::size_t i = 0; i <= view.size(); ++i)
        for (std::size_t j = i; j <= view.size(); ++j) {
            CAPTURE(i);
            CAPTURE(j);
            CHECK(print(parse({view.substr(0, i), view.substr(i, j - i), view.substr(j)})) == whole);
        }
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < view.size(); ++i) bytes.push_back(view.substr(i, 1));
    CHECK(print(parse(bytes)) == whole);
}

TEST_CASE("what is written is read back, whatever line ends carried it") {
    random_stream draw{42, "sse round trip"};
    for (int round = 0; round < 200; ++round) {
        std::vector<std::string> sent;
        std::string stream;
        for (std::uint64_t n = draw.below(4) + 1; n > 0; --n) {
            std::string data;
            for (std::uint64_t size = draw.below(12); size > 0; --size) data += ":{ \n\xC3x"[draw.below(7)];
            stream += draw.below(3) == 0 ? ": comment\n" : "";
            stream += net::format_sse(data);
            sent.push_back(data);
        }
        auto const ending = draw.below(3);
        std::string wire;
        for (char c : stream) wire += c != '\n' ? std::string{c} : ending == 0 ? "\n" : ending == 1 ? "\r\n" : "\r";
        std::vector<std::string_view> pieces;
        for (std::size_t at = 0; at < wire.size();) {
            auto const size = 1 + static_cast<std::size_t>(draw.below(5));
            pieces.push_back(std::string_view{wire}.substr(at, size));
            at += size;
        }
        auto const events = parse(pieces);
        CAPTURE(wire);
        REQUIRE(events.size() == sent.size());
        for (std::size_t i = 0; i < sent.size(); ++i) CHECK(events[i].data == sent[i]);
    }
}

TEST_CASE("an event larger than the limit ends the stream") {
    net::sse_parser parser{64};
    std::vector<net::sse_event> events;
    CHECK(parser.feed("data: " + std::string(50, 'x') + "\n\n", events));
    CHECK(parser.feed("data: " + std::string(40, 'x') + "\n", events));
    CHECK(!parser.feed("data: " + std::string(40, 'x') + "\n", events));
    CHECK(!parser.feed("\n\ndata: y\n\n", events));
    CHECK(events.size() == 1);
}
