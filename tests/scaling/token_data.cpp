#include "../laws/token_source.hpp"

#include <kvt/scaling/token_data.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

using namespace kvt;
using namespace kvt::scaling;

namespace {
std::string bytes_of(std::vector<std::uint32_t> const& ids, int width) {
    std::string out;
    for (auto id : ids)
        for (int k = 0; k < width; ++k) out += static_cast<char>(id >> (8 * k) & 0xFF);
    return out;
}
}  // namespace

TEST_CASE("a token file meets the laws") {
    std::vector<std::uint32_t> ids;
    for (std::uint32_t i = 0; i < 4000; ++i) ids.push_back(i * i % 911);
    scratch_folder const folder;
    laws::check_token_source(token_data{.path = folder.file("a.bin", bytes_of(ids, 2)), .held_out = 0.3});
}

TEST_CASE("two and four bytes, least first") {
    scratch_folder const folder;
    for (int width : {2, 4}) {
        token_data const how{
            .path = folder.file("a.bin", bytes_of({1, 513, 50256}, width)), .bytes_per_token = width, .held_out = 0};
        CHECK(how.open(data_split::training).read(0, 1, 3).tokens.ids == std::vector<std::int32_t>{1, 513, 50256});
    }
}

TEST_CASE("what cannot be is refused, with its place") {
    scratch_folder const folder;
    auto const path = folder.file("a.bin", bytes_of({1, 7, 3}, 2));
    auto const odd = folder.file("odd.bin", "abc");
    auto const says = [](token_data const& how) { return refusal([&] { (void)how.open(data_split::training); }); };
    CHECK(holds(says({.path = path, .vocab_size = 7}), "token 1 is 7"));
    CHECK(holds(says({.path = odd}), "middle of a token"));
    CHECK(holds(says({.path = path, .bytes_per_token = 3}), "2 or 4"));
    CHECK(holds(says({.path = path, .vocab_size = 0}), "vocab_size"));
    CHECK(holds(says({.path = "/nowhere"}), "/nowhere"));
}
