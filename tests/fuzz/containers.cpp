// Mutated containers, packed models and indexes: the same ones in every run.
#include "fuzz/container_targets.hpp"

#include <kvt/core/random.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/quant/packed_writer.hpp>

#include <doctest/doctest.h>
#include <tensor/fixtures.hpp>

#include <support/scratch_folder.hpp>

#include <array>

namespace {

// One to six edits of bytes, words of the format among them.
std::string mutated(std::string text, kvt::random_stream& stream) {
    static std::array<std::string, 20> const words{"\"dtype\"",
                                                   "\"F32\"",
                                                   "\"BF16\"",
                                                   "\"shape\"",
                                                   "\"data_offsets\"",
                                                   "[0,0]",
                                                   "[",
                                                   "]",
                                                   "{",
                                                   "}",
                                                   "\"",
                                                   ",",
                                                   ":",
                                                   "-1",
                                                   "18446744073709551615",
                                                   "1e3",
                                                   "\\u0061",
                                                   "\xC3",
                                                   std::string(1, '\0'),
                                                   "\"__metadata__\""};
    for (auto edits = 1 + stream.below(6); edits > 0; --edits) {
        if (text.empty()) text = "{";
        std::size_t const at = stream.below(text.size()),
                          length = 1 + stream.below(std::min<std::size_t>(text.size() - at, 24));
        switch (stream.below(6)) {
            case 0: text[at] = static_cast<char>(stream.below(256)); break;
            case 1: text.erase(at, length); break;
            case 2: text.insert(at, text.substr(at, length)); break;
            case 3: text.insert(at, words[stream.below(words.size())]); break;
            case 4: text[at] = "0123456789"[stream.below(10)]; break;
            default: text[at] = "\"{}[],: -"[stream.below(9)];
        }
    }
    return text;
}

// The header's length made right again, as long as there is room for it.
std::string fitted(std::string text, std::size_t data) {
    if (text.size() < 8 + data) return text;
    std::uint64_t const header = text.size() - 8 - data;
    std::memcpy(text.data(), &header, 8);
    return text;
}

std::string packed_model() {
    using namespace kvt::quant;
    scratch_folder const here;
    packed_writer writer{here / "q", {{{"w", {.shape = {3, 3}, .bits = 4, .time_groups = 2}}}, {}, {}}};
    writer.put("w", std::vector<affine>{{0.5, 1}, {0.25, 0}}, std::vector<std::uint8_t>(5));
    writer.finish();
    return kvt::read_file(here / "q");
}

}  // namespace

TEST_CASE("mutated containers keep the reader's promises") {
    kvt::random_stream stream{81, "containers"};
    std::array<std::string, 3> const files{kvt::read_file(fixtures::folder() + "valid_multi.safetensors"),
                                           kvt::read_file(fixtures::folder() + "valid_unordered_header.safetensors"),
                                           packed_model()};
    std::array<int, 3> accepted{};
    for (int round = 0; round < 60'000; ++round) {
        auto const which = stream.below(3);
        auto const& whole = files[which];
        std::uint64_t header = 0;
        std::memcpy(&header, whole.data(), 8);
        auto const data = whole.size() - 8 - header;
        auto text = mutated(whole.substr(0, 8 + header), stream) + whole.substr(8 + header);
        if (stream.below(8) != 0) text = fitted(std::move(text), data);
        accepted[0] += fuzz::container(text);
        accepted[which == 2 ? 2 : 1] += fuzz::packed(text);
    }
    CHECK(accepted[0] > 1000);
    CHECK(accepted[1] == 0);
    CHECK(accepted[2] > 20);
    for (auto const& whole : files) CHECK(fuzz::container(whole));
    CHECK(fuzz::packed(files[2]));
}

TEST_CASE("mutated indexes keep the reader's promises") {
    kvt::random_stream stream{82, "indexes"};
    auto const whole = kvt::read_file(fixtures::folder() + "sharded/model.safetensors.index.json");
    CHECK(fuzz::shard_index(whole));
    int accepted = 0;
    for (int round = 0; round < 60'000; ++round) accepted += fuzz::shard_index(mutated(whole, stream));
    CHECK(accepted > 1000);
}
