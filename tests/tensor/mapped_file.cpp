#include <kvt/core/error.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/tensor/mapped_file.hpp>

#include <doctest/doctest.h>

#include <support/scratch_folder.hpp>

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
