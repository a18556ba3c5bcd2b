#include <kvt/core/text_file.hpp>
#include <kvt/tensor/safetensors.hpp>
#include <kvt/tensor/safetensors_file.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <filesystem>

using namespace kvt::tensor;

namespace {

std::span<std::byte const> bytes_of(std::string const& text) {
    return std::as_bytes(std::span{text.data(), text.size()});
}
std::size_t files_in(std::string const& folder) {
    std::size_t n = 0;
    for ([[maybe_unused]] auto const& item : std::filesystem::directory_iterator{folder}) ++n;
    return n;
}

}  // namespace

TEST_CASE("pieces in any order make a file that reads back, every tensor where it can be read in place") {
    scratch_folder const here;
    auto const path = here / "new/f.safetensors";
    {
        safetensors_file file{path,
                              {{"b", element::u8, {5}},
                               {"a", element::u8, {3}},
                               {"w", element::f64, {1}},
                               {"none", element::f32, {0, 4}},
                               {"s", element::f16, {}}},
                              {{"made", "by \"us\""}}};
        file.write("b", 2, bytes_of("cde"));
        file.write("w", 0, bytes_of("12345678"));
        file.write("s", 0, bytes_of("xy"));
        file.write("b", 0, bytes_of("ab"));
        file.write("a", 0, bytes_of("ABC"));
        CHECK_FALSE(kvt::file_exists(path));
        file.finish();
    }
    CHECK(files_in(here / "new") == 1);
    auto const read = safetensors::open(path);
    CHECK(read.tensors().size() == 5);
    CHECK(read.metadata().at("made") == "by \"us\"");
    auto const text = [&](char const* name) {
        auto const* t = read.find(name);
        return std::string{reinterpret_cast<char const*>(t->bytes.data()), t->bytes.size()};
    };
    CHECK(text("b") == "abcde");
    CHECK(text("a") == "ABC");
    CHECK(text("w") == "12345678");
    CHECK(text("s") == "xy");
    for (auto const& t : read.tensors())
        CHECK((t.bytes.data() - read.file_bytes().data()) % static_cast<std::ptrdiff_t>(size_of(t.type)) == 0);
}

TEST_CASE("a file that was not finished leaves nothing, and the old one stays") {
    scratch_folder const here;
    kvt::write_file(here / "f", "old");
    {
        safetensors_file file{here / "f", {{"a", element::u8, {3}}}};
        file.write("a", 0, bytes_of("AB"));
        CHECK(holds(refusal([&] { file.finish(); }), "a has 2 bytes"));
        CHECK(holds(refusal([&] { file.write("a", 2, bytes_of("AB")); }), "room for 3"));
        CHECK(holds(refusal([&] { file.write("a", 9, {}); }), "room for 3"));
        CHECK(holds(refusal([&] { file.write("c", 0, {}); }), "no tensor c"));
    }
    CHECK(kvt::read_file(here / "f") == "old");
    CHECK(files_in(here / "") == 1);
}

TEST_CASE("plans that no file can follow are refused") {
    scratch_folder const here;
    auto const says = [&](std::vector<tensor_plan> plan) {
        return refusal([&] { safetensors_file const file{here / "f", std::move(plan)}; });
    };
    CHECK(holds(says({{"a", element::u8, {3}}, {"a", element::f32, {3}}}), "called a"));
    CHECK(holds(says({{"__metadata__", element::u8, {3}}}), "called __metadata__"));
    CHECK(holds(says({{"a", element::u8, {-1}}}), "shape"));
    CHECK(holds(says({{"a", element::f64, {INT64_MAX, 4}}}), "shape"));
    CHECK(holds(says({{"a", element::u8, {INT64_MAX}}, {"b", element::u8, {INT64_MAX}}}), "larger than a file"));
    CHECK(files_in(here / "") == 0);
    auto const e = error_of([] { safetensors_file const file{"/proc/none/f", {{"a", element::u8, {1}}}}; });
    CHECK(e->kind() == kvt::error_kind::io);
}
