// A folder of the test's own, gone when it ends.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

struct scratch_folder {
    std::string path = (std::filesystem::temp_directory_path() / "kvt-core-XXXXXX").string();
    scratch_folder() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
    scratch_folder(scratch_folder const&) = delete;
    scratch_folder& operator=(scratch_folder const&) = delete;
    ~scratch_folder() { std::filesystem::remove_all(path); }
};
