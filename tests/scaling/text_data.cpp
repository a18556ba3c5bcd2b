#include "../laws/token_source.hpp"

#include <kvt/scaling/text_data.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

using namespace kvt;
using namespace kvt::scaling;

TEST_CASE("a text file meets the laws, by bytes and by words") {
    scratch_folder const folder;
    std::string text;
    for (int i = 0; i < 900; ++i) text += i % 7 == 0 ? "the old mill " : i % 5 == 0 ? "red fox \n" : "sleeps near ";
    auto const path = folder.file("a.txt", text);
    laws::check_token_source(text_data{.path = path, .held_out = 0.3}, 2, 50);
    laws::check_token_source(
        text_data{.path = path, .tokenizer = "config/models/recall/tokenizer.json", .held_out = 0.4}, 2, 20);
}

TEST_CASE("every byte is a token") {
    scratch_folder const folder;
    auto const reader = text_data{.path = folder.file("a", std::string{"\0\xFF"
                                                                       "A",
                                                                       3}),
                                  .held_out = 0}
                            .open(data_split::training);
    CHECK(reader.vocab_size() == 256);
    CHECK(reader.read(0, 1, 3).tokens.ids == std::vector<std::int32_t>{0, 255, 65});
}

TEST_CASE("a file that is not there or empty is refused") {
    scratch_folder const folder;
    CHECK(holds(refusal([] { (void)text_data{.path = "/nowhere"}.open(data_split::training); }), "/nowhere"));
    auto const empty = folder.file("empty", "");
    CHECK(holds(refusal([&] { (void)text_data{.path = empty}.open(data_split::training); }), "no tokens"));
}
