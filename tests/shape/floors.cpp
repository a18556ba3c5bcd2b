#include "tree.hpp"

#include <doctest/doctest.h>

namespace {

std::map<std::string, int> floors() {
    std::map<std::string, int> floor_of;
    for (auto const& cells : shape::table_under("Floors"))
        for (auto const& folder : shape::quoted(cells.at(1))) floor_of[folder] = std::stoi(cells.at(0));
    return floor_of;
}

std::string folder_of(std::string const& path) {
    auto const slash = path.find('/');
    return slash == std::string::npos ? path : path.substr(0, slash);
}

}  // namespace

TEST_CASE("the table of floors is complete") {
    auto const floor_of = floors();
    REQUIRE(floor_of.contains("core"));
    CHECK(floor_of.at("core") == 0);
    for (auto const& file : shape::sources()) {
        if (file.folder.empty() || file.folder == "impl") continue;
        CAPTURE(file.path);
        CHECK(floor_of.contains(file.folder));
    }
}

TEST_CASE("includes go down, and never into another folder's detail") {
    auto const floor_of = floors();
    for (auto const& file : shape::sources()) {
        if (file.folder.empty() || file.folder == "impl") continue;
        for (auto const& used : file.own) {
            if (used == "version.hpp") continue;
            CAPTURE(file.path);
            CAPTURE(used);
            auto const folder = folder_of(used);
            if (folder == file.folder) continue;
            REQUIRE(floor_of.contains(folder));
            CHECK(floor_of.at(folder) < floor_of.at(file.folder));
            CHECK(used.find("/detail/") == std::string::npos);
        }
    }
}

TEST_CASE("a folder's files live in its namespace") {
    for (auto const& file : shape::sources()) {
        if (file.folder.empty() || file.folder == "impl") continue;
        auto const wanted = "namespace kvt::inline KVT_ABI" + (file.folder == "core" ? "" : "::" + file.folder);
        for (auto const& line : file.lines) {
            if (!line.starts_with("namespace kvt")) continue;
            CAPTURE(file.path);
            CAPTURE(line);
            CHECK(line.starts_with(wanted));
        }
    }
}

TEST_CASE("heavy includes stay where the table allows them") {
    auto const rows = shape::table_under("Heavy includes");
    REQUIRE(rows.size() > 5);
    auto const any = [](std::vector<std::string> const& patterns, std::string const& text) {
        return std::ranges::any_of(patterns, [&](auto const& pattern) { return shape::matches(pattern, text); });
    };
    for (auto const& file : shape::sources()) {
        if (file.folder == "impl") continue;
        for (auto const& include : file.other) {
            auto const row = std::ranges::find_if(rows, [&](auto const& r) { return any(shape::quoted(r.at(0)), include); });
            if (row == rows.end()) continue;
            CAPTURE(file.path);
            CAPTURE(include);
            CAPTURE(row->at(1));
            CHECK(any(shape::quoted(row->at(1)), file.path));
        }
    }
}
