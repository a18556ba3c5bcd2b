#include <doctest/doctest.h>

#include <kvt/engine/prompt_text.hpp>

using namespace kvt;

TEST_CASE("messages as one text and back") {
    engine::request chat;
    chat.messages = {{"system", "answer"}, {"user", "who?"}};
    CHECK(engine::prompt_text(chat) == "answer\nwho?");
    CHECK(engine::prompt_messages(chat).size() == 2);
    engine::request plain;
    plain.endpoint = engine::api::completions;
    plain.prompt = "once upon";
    CHECK(engine::prompt_text(plain) == "once upon");
    REQUIRE(engine::prompt_messages(plain).size() == 1);
    CHECK(engine::prompt_messages(plain)[0].role == "user");
    CHECK(engine::prompt_messages(plain)[0].content == "once upon");
}
