#include "tree.hpp"

#include <doctest/doctest.h>

#include <set>

TEST_CASE("headers begin with their idea and are guarded") {
    for (auto const& file : shape::sources()) {
        if (file.folder == "impl") continue;
        CAPTURE(file.path);
        REQUIRE_FALSE(file.lines.empty());
        if (file.header()) CHECK(file.lines.front().starts_with("// "));
        bool const repeated = std::ranges::any_of(
            file.lines, [](auto const& line) { return line.find("no include guard") != std::string::npos; });
        CHECK(repeated != (std::ranges::find(file.lines, "#pragma once") != file.lines.end()));
    }
}

TEST_CASE("headers define KVT_ macros and no others") {
    for (auto const& file : shape::sources()) {
        std::set<std::string> alive;
        for (auto const& line : file.lines) {
            auto const hash = line.find_first_not_of(" \t");
            if (hash == std::string::npos || line[hash] != '#') continue;
            std::istringstream words{line.substr(hash + 1)};
            std::string directive, name;
            words >> directive >> name;
            name = name.substr(0, name.find('('));
            if (directive == "define" && !name.starts_with("KVT_")) alive.insert(name);
            if (directive == "undef") alive.erase(name);
        }
        for (auto const& name : alive) CHECK_MESSAGE(false, file.path << " leaves the macro " << name);
    }
}

TEST_CASE("headers keep names where they belong") {
    for (auto const& file : shape::sources()) {
        for (auto const& line : file.lines) {
            CAPTURE(file.path);
            CAPTURE(line);
            CHECK_FALSE(line.starts_with("using namespace"));
            CHECK_FALSE(line.starts_with("namespace {"));
            CHECK_FALSE(line.starts_with("static "));
        }
    }
}

TEST_CASE("header files end with their definitions, unless these are compiled apart") {
    for (auto const& file : shape::sources()) {
        if (!file.header()) continue;
        for (std::size_t i = 0; i < file.lines.size(); ++i) {
            auto const& line = file.lines[i];
            if (!line.starts_with("#include") || line.find(".ipp") == std::string::npos) continue;
            CAPTURE(file.path);
            CAPTURE(line);
            auto const open = std::find(file.lines.begin(), file.lines.begin() + static_cast<std::ptrdiff_t>(i),
                                        "#if !defined(KVT_SEPARATE_COMPILATION)");
            CHECK(open != file.lines.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
}
