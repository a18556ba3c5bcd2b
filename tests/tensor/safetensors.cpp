#include "fixtures.hpp"

#include <kvt/core/text_file.hpp>
#include <kvt/tensor/safetensors.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

#include <cstring>

using kvt::tensor::safetensors;

namespace {

std::vector<std::byte> file_of(std::string const& header, std::size_t data = 0) {
    std::uint64_t const length = header.size();
    std::vector<std::byte> bytes(8 + header.size() + data);
    std::memcpy(bytes.data(), &length, 8);
    std::memcpy(bytes.data() + 8, header.data(), header.size());
    return bytes;
}

// The reason a header (with so many bytes of data) is refused, or "accepted".
std::string reason_of(std::string const& header, std::size_t data = 0) {
    auto const e = error_of([&] { (void)safetensors::parse(file_of(header, data), "bytes"); });
    CHECK((!e || e->kind() == kvt::error_kind::malformed));
    return e ? fixtures::reason_in(e->problem()) : "accepted";
}

}  // namespace

TEST_CASE("valid containers give exactly the values they hold") {
    int seen = 0;
    for (auto const& c : fixtures::cases(false)) {
        if (!c.at("valid").boolean()) continue;
        CAPTURE(c.at("file").text());
        auto const file = safetensors::open(fixtures::folder() + c.at("file").text());
        auto const& expected = c.at("tensors").items();
        CHECK(file.tensors().size() == expected.size());
        for (auto const& t : expected) {
            auto const* found = file.find(t.at("name").text());
            REQUIRE(found != nullptr);
            CHECK(kvt::name_of(found->type) == t.at("dtype").text());
            REQUIRE(found->shape.size() == t.at("shape").size());
            for (std::size_t i = 0; i < found->shape.size(); ++i)
                CHECK(found->shape[i] == t.at("shape").items()[i].integer());
            auto const values = to_floats(*found);
            REQUIRE(values.size() == t.at("values_f32").size());
            for (std::size_t i = 0; i < values.size(); ++i)
                CHECK(fixtures::same_value(t.at("values_f32").items()[i], values[i]));
        }
        if (auto const* metadata = c.find("metadata")) {
            CHECK(file.metadata().size() == metadata->size());
            for (auto const& [key, value] : metadata->members()) CHECK(file.metadata().at(key) == value.text());
        }
        ++seen;
    }
    CHECK(seen == 4);
}

TEST_CASE("every malformed container is refused when opened, for its reason, in one line naming the file") {
    int seen = 0;
    for (auto const& c : fixtures::cases(false)) {
        if (c.at("valid").boolean()) continue;
        auto const path = fixtures::folder() + c.at("file").text();
        CAPTURE(path);
        ++seen;
        fixtures::check_refused(c, path, [&] { (void)safetensors::open(path); });
    }
    CHECK(seen == 31);
}

TEST_CASE("a file cut anywhere is refused") {
    auto const whole = kvt::read_file(fixtures::folder() + "valid_multi.safetensors");
    for (std::size_t n = 0; n < whole.size(); ++n) {
        std::vector<std::byte> bytes(n);
        if (n > 0) std::memcpy(bytes.data(), whole.data(), n);
        CHECK_THROWS_AS((void)safetensors::parse(std::move(bytes), "cut"), kvt::error);
    }
}

TEST_CASE("a file with any one byte changed is refused or read within its bounds") {
    auto const whole = kvt::read_file(fixtures::folder() + "valid_multi.safetensors");
    for (std::size_t at = 0; at < 420; ++at)  // length and header
        for (unsigned const flip : {1U, 2U, 16U, 128U, 255U}) {
            std::vector<std::byte> bytes(whole.size());
            std::memcpy(bytes.data(), whole.data(), whole.size());
            bytes[at] ^= static_cast<std::byte>(flip);
            auto const e = error_of([&] {
                auto const file = safetensors::parse(std::move(bytes), "changed");
                for (auto const& t : file.tensors())
                    if (t.type == kvt::tensor::element::f32) (void)to_floats(t);
            });
            CHECK((!e || e->kind() == kvt::error_kind::malformed));
        }
}

TEST_CASE("checks are made in the order the format states") {
    CHECK(reason_of("") == "header_start");
    CHECK(reason_of("[]") == "header_start");
    CHECK(reason_of("\xC3\x28") == "header_utf8");
    CHECK(reason_of("{}  ") == "accepted");
    CHECK(reason_of("{} x") == "header_json");
    CHECK(reason_of("{}", 1) == "buffer_not_covered");
    CHECK(reason_of(R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"note":{"x":[1,{"y":2}]}}})", 4) ==
          "accepted");
    CHECK(reason_of(R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"note":[{"y":1,"\u0079":2}]}})", 4) ==
          "duplicate_key");
    CHECK(reason_of(R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"\u0061":{}})", 4) == "duplicate_key");
    CHECK(reason_of(R"({"a":[]})") == "bad_tensor_entry");
    CHECK(reason_of(R"({"a":{"dtype":1,"shape":[],"data_offsets":[0,4]}})", 4) == "unknown_dtype");
    CHECK(reason_of(R"({"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}})", 4) == "bad_shape");
    CHECK(reason_of(R"({"a":{"dtype":"F32","shape":2,"data_offsets":[0,4]}})", 4) == "bad_shape");
    CHECK(reason_of(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})") ==
          "shape_overflow");
    CHECK(reason_of(R"({"a":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,0]}})") ==
          "shape_overflow");
    CHECK(reason_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4.0]}})", 4) == "bad_offsets");
    CHECK(reason_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", 4) == "bad_offsets");
    CHECK(reason_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[18446744073709551612,18446744073709551615]}})",
                    4) == "offset_out_of_range");
    CHECK(
        reason_of(
            R"({"a":{"dtype":"F32","shape":[0,9],"data_offsets":[0,0]},"b":{"dtype":"I8","shape":[4],"data_offsets":[0,4]}})",
            4) == "accepted");
    CHECK(
        reason_of(
            R"({"a":{"dtype":"I8","shape":[0],"data_offsets":[2,2]},"b":{"dtype":"I8","shape":[4],"data_offsets":[0,4]}})",
            4) == "offsets_not_contiguous");
    CHECK(reason_of(R"({"__metadata__":{"a":1}})") == "bad_metadata");
    CHECK(reason_of(R"({"__metadata__":[]})") == "bad_metadata");
    auto const nested = [](int depth) { return R"({"a":)" + std::string(depth, '[') + std::string(depth, ']') + "}"; };
    CHECK(reason_of(nested(60)) == "bad_tensor_entry");
    CHECK(reason_of(nested(64)) == "header_json");
}

TEST_CASE("tensors come in name order and stay where they are when the container moves") {
    auto first = safetensors::open(fixtures::folder() + "valid_unordered_header.safetensors");
    auto const* const address = first.find("b")->bytes.data();
    safetensors const second = std::move(first);
    REQUIRE(second.tensors().size() == 2);
    CHECK(second.tensors()[0].name == "a");
    CHECK(second.find("b")->bytes.data() == address);
    CHECK(second.find("c") == nullptr);
}
