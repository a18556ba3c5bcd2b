#include <kvt/core/error.hpp>
#include <kvt/core/hash.hpp>
#include <kvt/core/text_file.hpp>

#include <doctest/doctest.h>

#include <support/scratch_folder.hpp>

TEST_CASE("the examples of FIPS 180-4") {
    CHECK(kvt::sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(kvt::sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(kvt::sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(kvt::sha256_hex(std::string(1000000, 'a')) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    CHECK(kvt::sha256("abc")[0] == 0xBA);
}

TEST_CASE("hex may be cut") {
    CHECK(kvt::sha256_hex("abc", 12) == "ba7816bf8f01");
    CHECK(kvt::sha256_hex("abc", 0).empty());
    CHECK(kvt::sha256_hex("abc", 1000).size() == 64);
}

TEST_CASE("pieces and files hash as the whole") {
    std::string text;
    for (int i = 0; i < 100000; ++i) text += static_cast<char>(i * 31);
    for (std::size_t piece : {1U, 63U, 64U, 65U, 4096U}) {
        kvt::sha256_stream stream;
        for (std::size_t i = 0; i < text.size(); i += piece) stream.update(std::string_view{text}.substr(i, piece));
        CHECK(stream.hex() == kvt::sha256_hex(text));
    }
    CHECK(kvt::sha256_stream{}.hex() == kvt::sha256_hex(""));
    scratch_folder const folder;
    kvt::write_file(folder / "f", text);
    CHECK(kvt::sha256_file(folder / "f") == kvt::sha256_hex(text));
    CHECK_THROWS_AS((void)kvt::sha256_file(folder / "none"), kvt::error);
    CHECK_THROWS_AS((void)kvt::sha256_file(folder.path), kvt::error);
}
