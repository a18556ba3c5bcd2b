#include "tree.hpp"

#include <doctest/doctest.h>

#include <set>

namespace {

std::set<std::string> on_disk() {
    std::set<std::string> files;
    for (auto const& file : shape::sources()) files.insert("kvt/" + file.path);
    return files;
}

// The words of a list in CMake or Meson that begin with kvt/.
std::set<std::string> listed(std::string const& path) {
    std::set<std::string> files;
    for (auto const& line : shape::lines_of(shape::read(path))) {
        auto const begin = line.find("kvt/");
        if (begin == std::string::npos || line.find('#') < begin) continue;
        auto const end = line.find_first_of("'\" )", begin);
        files.insert(line.substr(begin, end - begin));
    }
    return files;
}

struct component {
    std::set<std::string> uses, needs;
};

// cmake/components.cmake, read as words.
std::map<std::string, component> components() {
    std::map<std::string, component> all;
    std::string text;
    for (auto const& line : shape::lines_of(shape::read("cmake/components.cmake")))
        if (!line.starts_with("#")) text += line + " ";
    std::ranges::replace(text, '(', ' ');
    std::ranges::replace(text, ')', ' ');
    std::istringstream words{text};
    std::string name, mode;
    for (std::string word; words >> word;) {
        if (word == "kvt_component") words >> name, all[name], mode.clear();
        else if (word == "USES" || word == "NEEDS") mode = word;
        else if (mode == "USES") all[name].uses.insert(word);
        else if (mode == "NEEDS") all[name].needs.insert(word);
    }
    return all;
}

// The dependency an include comes from, as cmake/kvtDependencies.cmake names it; empty for the standard library.
std::string dependency_of(std::string const& include) {
    static std::vector<std::pair<std::string, std::string>> const known{
        {"boost/*", "boost"},       {"openssl/*", "openssl"}, {"simdjson.h", "simdjson"}, {"fmt/*", "fmt"},
        {"yaml-cpp/*", "yaml-cpp"}, {"sqlite3.h", "sqlite3"}, {"Eigen/*", "eigen"},       {"range/v3/*", "range-v3"},
        {"zlib.h", "zlib"},         {"thread", "threads"}};
    for (auto const& [pattern, name] : known)
        if (shape::matches(pattern, include)) return name;
    return {};
}

}  // namespace

TEST_CASE("what is installed is what is on disk") {
    auto const disk = on_disk(), list = listed("cmake/headers.cmake");
    for (auto const& file : disk) CHECK_MESSAGE(list.contains(file), file << " is missing in cmake/headers.cmake");
    for (auto const& file : list) CHECK_MESSAGE(disk.contains(file), file << " of cmake/headers.cmake is not on disk");
}

TEST_CASE("the umbrella names every public header") {
    std::set<std::string> named;
    for (auto const& include : shape::read_source("kvt.hpp").own) named.insert(include);
    for (auto const& file : shape::sources()) {
        if (!file.header() || file.detail() || file.path == "kvt.hpp") continue;
        CHECK_MESSAGE(named.contains(file.path), file.path << " is missing in kvt/kvt.hpp");
    }
}

TEST_CASE("every definition file is reached from a header and from its folder's source") {
    std::map<std::string, shape::source const*> by_path;
    for (auto const& file : shape::sources()) by_path[file.path] = &file;
    std::map<std::string, std::set<std::string>> compiled;  // by source, directly or through definition files
    std::set<std::string> included;
    auto const follow = [&](auto const& self, shape::source const& file, std::set<std::string>& reached) -> void {
        for (auto const& used : file.own)
            if (used.ends_with(".ipp") && by_path.contains(used) && reached.insert(used).second)
                self(self, *by_path.at(used), reached);
    };
    for (auto const& file : shape::sources()) {
        if (file.folder == "impl") follow(follow, file, compiled[file.path]);
        else if (file.header()) follow(follow, file, included);
    }
    for (auto const& file : shape::sources()) {
        if (!file.path.ends_with(".ipp")) continue;
        CAPTURE(file.path);
        CHECK(included.contains(file.path));
        CHECK(compiled["impl/" + file.folder + ".cpp"].contains(file.path));
    }
}

TEST_CASE("components use and need what their files include") {
    auto const table = components();
    REQUIRE(table.contains("core"));
    for (auto const& file : shape::sources()) {
        if (file.folder.empty() || file.folder == "impl") continue;
        CAPTURE(file.path);
        REQUIRE(table.contains(file.folder));
        auto const& own = table.at(file.folder);
        for (auto const& used : file.own) {
            auto const folder = used.substr(0, used.find('/'));
            if (used == "version.hpp" || folder == file.folder) continue;
            CHECK_MESSAGE(own.uses.contains(folder), file.path << " includes " << used);
        }
        for (auto const& include : file.other) {
            auto const name = dependency_of(include);
            bool const given =
                name.empty() || own.needs.contains(name) || std::ranges::any_of(own.uses, [&](auto const& folder) {
                    return table.contains(folder) && table.at(folder).needs.contains(name);
                });
            CHECK_MESSAGE(given, file.path << " includes " << include);
        }
    }
    // and nothing is declared that nobody includes
    for (auto const& [folder, own] : table) {
        std::set<std::string> uses, needs{"threads"};  // threads come with half the standard library
        for (auto const& file : shape::sources()) {
            if (file.folder != folder) continue;
            for (auto const& used : file.own) uses.insert(used.substr(0, used.find('/')));
            for (auto const& include : file.other) needs.insert(dependency_of(include));
        }
        for (auto const& used : own.uses) CHECK_MESSAGE(uses.contains(used), folder << " does not use " << used);
        for (auto const& need : own.needs) CHECK_MESSAGE(needs.contains(need), folder << " does not need " << need);
    }
}
