// Golden cases of the token approximations (spec E).
#include "replay.hpp"

#include <kvt/data/tokenizer.hpp>

namespace {

using kvt::json;
using namespace kvt;

template <class Count> json both(Count count) {
    return json::of({{"approx_v1", count(data::approx_tokenizer{})}, {"approx_v2", count(data::approx_cjk_tokenizer{})}});
}

golden::suite const texts{"token_count", "text", [](json const& c, golden::file const& f) {
    auto const& text = c.at("in").at("text").text();
    return golden::same(c.at("out"), both([&](auto const& t) { return t.count(text); }), f);
}};

golden::suite const lengths{"token_count", "prompt_len", [](json const& c, golden::file const& f) {
    data::example e;
    e.context = c.at("in").at("context").text();
    e.question = c.at("in").at("question").text();
    return golden::same(c.at("out"), both([&](auto const& t) { return data::prompt_length(t, e); }), f);
}};

golden::suite const chat{"token_count", "chat", [](json const& c, golden::file const& f) {
    auto const& in = c.at("in");
    std::vector<std::string_view> contents;
    for (auto const& m : in.at("messages").items()) contents.emplace_back(m.at("content").text());
    text::chat_overhead const overhead{in.at("per_message").integer(), in.at("reply").integer()};
    return golden::same(c.at("out"), both([&](auto const& t) { return data::chat_length(t, contents, overhead); }), f);
}};

}  // namespace
