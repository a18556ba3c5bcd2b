#include <kvt/core/random.hpp>
#include <kvt/tensor/float_blocks.hpp>
#include <kvt/tensor/half.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

#include <bit>
#include <cstring>

using namespace kvt::tensor;

TEST_CASE("blocks hold the elements in order, of every type and at any address") {
    kvt::random_stream stream{31, "blocks"};
    std::size_t const n = 3 * float_blocks::block + 77;
    for (auto const type : {element::f32, element::f16, element::bf16})
        for (std::size_t const shift : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
            std::vector<std::byte> bytes(n * size_of(type) + shift);
            for (auto& b : bytes) b = static_cast<std::byte>(stream.below(256));
            view const t{"t", type, {static_cast<std::int64_t>(n)}, std::span{bytes}.subspan(shift)};
            auto const whole = to_floats(t);
            float_blocks blocks{t};
            CHECK(blocks.size() == n);
            CHECK(blocks.in_place() == (type == element::f32 && shift == 0));
            for (auto const& [begin, end] : {std::pair{std::size_t{0}, n}, {5, n - 3}, {7, 7}, {n, n}}) {
                std::size_t at = begin;
                bool equal = true;
                blocks.each(begin, end, [&](std::span<float const> values, std::size_t first) {
                    equal = equal && first == at;
                    for (float const v : values)
                        equal = equal && std::bit_cast<std::uint32_t>(v) == std::bit_cast<std::uint32_t>(whole[at++]);
                });
                CHECK(equal);
                CHECK(at == end);
            }
        }
}

TEST_CASE("elements that are no floats, or not there, are refused") {
    std::vector<std::byte> const bytes(16);
    view const whole{"i", element::i32, {4}, bytes}, real{"r", element::bf16, {8}, bytes},
        full{"f", element::f32, {4}, bytes};
    auto const read = [](view const& t, std::size_t begin, std::size_t end) {
        return refusal([&] { float_blocks{t}.each(begin, end, [](std::span<float const>, std::size_t) {}); });
    };
    CHECK(holds(read(whole, 0, 4), "unsupported_dtype"));
    CHECK(holds(read(real, 0, 9), "beyond"));
    CHECK(holds(read(full, 2, 5), "beyond"));
    CHECK(read(real, 0, 8).empty());
    std::vector<float> three(3);
    CHECK(holds(refusal([&] { to_floats(full, 2, three); }), "beyond"));
    CHECK(holds(refusal([&] { to_floats(full, SIZE_MAX, three); }), "beyond"));
}
