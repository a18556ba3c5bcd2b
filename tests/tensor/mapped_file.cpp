#include <kvt/core/error.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/tensor/mapped_file.hpp>

#include <doctest/doctest.h>

#include <support/scratch_folder.hpp>

#include <cstring>

using kvt::tensor::mapped_file;

TEST_CASE("a mapped file shows the file's bytes and survives moves") {
    scratch_folder const here;
    auto const path = here.file("f", "hello");
    auto first = mapped_file::open(path);
    auto const* const address = first.bytes().data();
    mapped_file second = std::move(first);
    mapped_file third;
    third = std::move(second);
    REQUIRE(third.bytes().size() == 5);
    CHECK(third.bytes().data() == address);
    CHECK(static_cast<char>(third.bytes()[4]) == 'o');
    kvt::write_file(path, "");
    CHECK(mapped_file::open(path).bytes().empty());
}

TEST_CASE("what is no readable file is refused by name") {
    CHECK_THROWS_WITH_AS((void)mapped_file::open("no/such/file"),
                         "no/such/file: cannot be opened (No such file or directory); expected a readable file",
                         kvt::error);
    CHECK_THROWS_AS((void)mapped_file::open("/"), kvt::error);
    CHECK_THROWS_AS((void)mapped_file::open("/dev/null"), kvt::error);
}

TEST_CASE("bytes can stand in for a file") {
    mapped_file file{std::vector<std::byte>(3, std::byte{7})};
    mapped_file const moved = std::move(file);
    REQUIRE(moved.bytes().size() == 3);
    CHECK(moved.bytes()[2] == std::byte{7});
}

TEST_CASE("advice about a part changes nothing that is read") {
    scratch_folder const here;
    std::string text(5 * 4096 + 100, '\0');
    for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * 7);
    kvt::write_file(here / "f", text);
    auto const file = mapped_file::open(here / "f");
    auto const equal = [&] { return std::memcmp(file.bytes().data(), text.data(), text.size()) == 0; };
    for (auto const what : {kvt::tensor::reading::soon, kvt::tensor::reading::done})
        for (auto const& [begin, size] :
             {std::pair{0, 0}, {0, 4096}, {10, 20}, {4000, 9000}, {4096 * 5, 100}, {0, 20580}}) {
            file.advise(file.bytes().subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(size)), what);
            CHECK(equal());
        }
    // bytes elsewhere, and bytes taken over, are left alone
    std::vector<std::byte> other(3 * 4096, std::byte{5});
    file.advise(other, kvt::tensor::reading::done);
    CHECK(other[4096] == std::byte{5});
    mapped_file const held{std::vector<std::byte>(3 * 4096, std::byte{6})};
    held.advise(held.bytes(), kvt::tensor::reading::done);
    CHECK(held.bytes()[5000] == std::byte{6});
}
