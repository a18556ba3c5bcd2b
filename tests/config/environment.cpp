#include <kvt/config/environment.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <cstdlib>
#include <filesystem>

using namespace kvt;

TEST_CASE(".env lines: comments, quotes, export") {
    auto const v =
        config::parse_dotenv("# keys\nA=1\n export B = two words # comment\nC=\"a # b\"\nD='x=y'\n\nE=\nF=a#b\r\n");
    CHECK(v ==
          config::variables{{"A", "1"}, {"B", "two words"}, {"C", "a # b"}, {"D", "x=y"}, {"E", ""}, {"F", "a#b"}});
}

TEST_CASE("a bad .env line is named without its value") {
    auto const refused = [](std::string_view text) { return refusal([&] { (void)config::parse_dotenv(text); }); };
    CHECK(refused("A=1\nsk-topsecret\n") == ".env:2: not a variable; expected NAME=value");
    CHECK(refused("1A=x") == ".env:1: not a variable; expected NAME=value");
    CHECK(refused("A=\"topsecret\n") ==
          ".env:1: a quoted value is not closed; expected the same quote at the value's end");
    CHECK(refused("A='x' y") == ".env:1: a quoted value is not closed; expected the same quote at the value's end");
}

TEST_CASE("variables that exist win over the file") {
    scratch_folder const here;
    auto const path = here.file(".env", "KVT_TEST_THERE=file\nKVT_TEST_NEW=file\n");
    ::setenv("KVT_TEST_THERE", "process", 1);
    auto const env = config::environment::of_process(path);
    CHECK(env.find("KVT_TEST_THERE") == "process");
    CHECK(env.find("KVT_TEST_NEW") == "file");
    CHECK(!env.find("KVT_TEST_NONE"));
    config::export_dotenv(path);
    CHECK(std::string{std::getenv("KVT_TEST_THERE")} == "process");
    CHECK(std::string{std::getenv("KVT_TEST_NEW")} == "file");
    ::unsetenv("KVT_TEST_THERE"), ::unsetenv("KVT_TEST_NEW");
    std::filesystem::remove(path);
    CHECK(!config::environment::of_process(path).find("KVT_TEST_NEW"));
    CHECK_NOTHROW(config::export_dotenv(path));
}

TEST_CASE("what stays unresolved is listed with its key") {
    auto value = json::of({{"a", json::of({{"b", json::list({"x", "${NONE}"})}})}});
    auto const left = config::resolve_environment(value, config::environment{config::variables{}});
    REQUIRE(left.size() == 1);
    CHECK(left[0].key == "a.b[1]");
    CHECK(left[0].name == "NONE");
    CHECK(config::has_placeholder("a ${B} c"));
    CHECK(!config::has_placeholder("a ${} $B ${c"));
}

TEST_CASE("a value that names itself ends") {
    json value = "${A}${A}";
    CHECK(config::resolve_environment(value, config::environment{config::variables{{"A", "${A}x"}}}).empty());
    CHECK(value.text() == "${A}xx${A}xx");
}
