// Replays golden files: `kvt_golden PATH...` walks files and folders, runs the registered handlers and counts.
#include "replay.hpp"

#include <kvt/core/error.hpp>
#include <kvt/core/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

namespace golden {

namespace {

using suite_key = std::pair<std::string, std::string>;  // topic, section

std::multimap<suite_key, handler>& handlers() {
    static std::multimap<suite_key, handler> all;
    return all;
}

struct tally {
    std::size_t passed = 0, failed = 0, skipped = 0;
    std::vector<std::string> differences;  // of the first few failures
    std::set<std::string> reasons;         // of what was skipped
};

struct replay {
    std::map<suite_key, tally> suites;
    std::map<suite_key, std::size_t> without_replayer;
    std::vector<std::string> unknown_files;

    void run(suite_key const& key, handler check, std::string const& id, json const& test_case, file const& source) {
        constexpr std::size_t shown = 5;
        verdict result;
        try {
            result = check(test_case, source);
        } catch (std::exception const& problem) {
            result = verdict::fail(std::string{"threw: "} + problem.what());
        }
        auto& counts = suites[key];
        if (!result.difference.empty()) {
            ++counts.failed;
            if (counts.differences.size() < shown) counts.differences.push_back(id + ": " + result.difference);
        } else if (!result.skipped.empty()) {
            ++counts.skipped;
            counts.reasons.insert(result.skipped);
        } else {
            ++counts.passed;
        }
    }

    void read(std::string const& path);
    void read_document(file const& source, std::string const& topic);
    [[nodiscard]] std::size_t print() const;
};

std::string text_of(json const& document, std::string_view key) {
    auto const* found = document.find(key);
    return found != nullptr && found->is_text() ? found->text() : std::string{};
}

double tolerance_of(json const& document, std::string_view key, std::string_view fallback) {
    auto const* tolerance = document.find("tolerance");
    if (tolerance == nullptr) return 0;
    auto const* value = tolerance->find(key);
    if (value == nullptr) value = tolerance->find(fallback);
    return value != nullptr && value->is_number() ? value->real() : 0;
}

// A file's topic: what it says. The families of files that do not say it are told apart by their format, so that two
// families may use one name.
std::string topic_of(json const& document, std::string const& path) {
    if (auto const topic = text_of(document, "topic"); !topic.empty()) return topic;
    auto const format = text_of(document, document.find("format") != nullptr ? "format" : "schema");
    auto const stem = std::filesystem::path{path}.stem().string();
    if (format.starts_with("kvt-golden-markov")) {
        auto const name = text_of(document, "suite");
        return "markov." + (name.empty() ? stem : name);
    }
    if (format.starts_with("kvt-scaling-golden")) return "scaling." + stem;
    if (format.starts_with("trace-golden")) return "trace.golden";
    if (format.starts_with("trace-sim")) return "trace.simulation";
    return stem;
}

bool is_golden(json const& document, std::string const& topic) {
    for (auto const* key : {"schema", "format"})
        if (auto const text = text_of(document, key); text.starts_with("kvt-") || text.starts_with("trace-"))
            return true;
    return std::ranges::any_of(handlers(), [&](auto const& entry) { return entry.first.first == topic; });
}

void replay::read(std::string const& path) {
    file source{.path = path, .document = kvt::read_json_file(path)};
    auto const topic = topic_of(source.document, path);
    if (!is_golden(source.document, topic)) {
        unknown_files.push_back(path);
        return;
    }
    source.relative = tolerance_of(source.document, "rel", "default_rel");
    source.absolute = tolerance_of(source.document, "abs", "default_abs");
    read_document(source, topic);
}

void replay::read_document(file const& source, std::string const& topic) {
    auto const one = [&](std::string const& section, json const& test_case, std::size_t index) {
        auto id = text_of(test_case, "id");
        if (id.empty()) id = text_of(test_case, "name");
        if (id.empty()) id = "case " + std::to_string(index);
        suite_key const key{topic, section};
        auto const [first, last] = handlers().equal_range(key);
        if (first == last) ++without_replayer[key];
        for (auto found = first; found != last; ++found) run(key, found->second, id, test_case, source);
    };
    auto const each = [&](std::string const& section, json const& cases) {
        if (!cases.is_array()) return one(section, cases, 0);
        for (std::size_t i = 0; i < cases.size(); ++i) one(section, cases.items()[i], i);
    };
    auto const* sections = source.document.find("sections");
    bool const whole = handlers().contains({topic, ""});
    if (whole) one("", source.document, 0);
    if (sections != nullptr && sections->is_object()) {
        for (auto const& [name, cases] : sections->members()) each(name, cases);
    } else if (auto const* cases = source.document.find("cases"); cases != nullptr && cases->is_array()) {
        each("cases", *cases);
    } else if (!whole) {
        ++without_replayer[{topic, ""}];
    }
}

std::size_t replay::print() const {
    std::size_t passed = 0, failed = 0;
    auto const name = [](suite_key const& key) {
        return key.second.empty() ? key.first : key.first + "." + key.second;
    };
    for (auto const& [key, counts] : suites) {
        std::printf("%s: %zu passed, %zu failed", name(key).c_str(), counts.passed, counts.failed);
        if (counts.skipped > 0) std::printf(", %zu skipped", counts.skipped);
        std::printf("\n");
        for (auto const& reason : counts.reasons) std::printf("  skipped: %s\n", reason.c_str());
        for (auto const& difference : counts.differences) std::printf("  %s\n", difference.c_str());
        if (counts.failed > counts.differences.size())
            std::printf("  and %zu more\n", counts.failed - counts.differences.size());
        passed += counts.passed;
        failed += counts.failed;
    }
    for (auto const& [key, count] : without_replayer)
        std::printf("no replayer: %s (%zu cases)\n", name(key).c_str(), count);
    for (auto const& path : unknown_files) std::printf("not a golden file: %s\n", path.c_str());
    std::printf("%zu passed, %zu failed\n", passed, failed);
    return failed;
}

// The JSON files under a path, in order of their names.
std::vector<std::string> files_under(std::string const& path) {
    namespace fs = std::filesystem;
    std::vector<std::string> found;
    if (fs::is_directory(path)) {
        for (auto const& entry : fs::recursive_directory_iterator{path})
            if (entry.is_regular_file() && entry.path().extension() == ".json") found.push_back(entry.path().string());
        std::ranges::sort(found);
    } else if (fs::is_regular_file(path)) {
        found.push_back(path);
    } else {
        throw kvt::error{kvt::error_kind::missing, path, "no such file or folder"};
    }
    return found;
}

bool close(double expected, double actual, double relative, double absolute) {
    if (expected == actual || (std::isnan(expected) && std::isnan(actual))) return true;
    return std::abs(expected - actual) <= std::max(absolute, relative * std::abs(expected));
}

// Empty where the values agree; else `path: expected X, got Y`.
std::string difference(json const& expected, json const& actual, double relative, double absolute,
                       std::string const& path) {
    auto const differs = [&] {
        auto const where = path.empty() ? std::string{"value"} : path;
        return where + ": expected " + kvt::dump(expected) + ", got " + kvt::dump(actual);
    };
    if (expected.is_number() && actual.is_number()) {
        bool const exact = expected.is_integer() && actual.is_integer() && relative == 0 && absolute == 0;
        bool const agree =
            exact ? expected.integer() == actual.integer() : close(expected.real(), actual.real(), relative, absolute);
        return agree ? std::string{} : differs();
    }
    if (expected.is_array() && actual.is_array()) {
        auto const &left = expected.items(), &right = actual.items();
        if (left.size() != right.size())
            return path + ": expected " + std::to_string(left.size()) + " items, got " + std::to_string(right.size());
        for (std::size_t i = 0; i < left.size(); ++i)
            if (auto found = difference(left[i], right[i], relative, absolute, path + "[" + std::to_string(i) + "]");
                !found.empty())
                return found;
        return {};
    }
    if (expected.is_object() && actual.is_object()) {
        for (auto const& [key, value] : expected.members()) {
            auto const* other = actual.find(key);
            if (other == nullptr) return path + "." + key + ": missing, expected " + kvt::dump(value);
            if (auto found = difference(value, *other, relative, absolute, path + "." + key); !found.empty())
                return found;
        }
        for (auto const& [key, value] : actual.members())
            if (expected.find(key) == nullptr) return path + "." + key + ": not expected, got " + kvt::dump(value);
        return {};
    }
    return expected == actual ? std::string{} : differs();
}

}  // namespace

suite::suite(std::string_view topic, std::string_view section, handler run) {
    handlers().emplace(suite_key{topic, section}, run);
}

verdict same(json const& expected, json const& actual, double relative, double absolute) {
    return {difference(expected, actual, relative, absolute, "")};
}

verdict same(json const& expected, json const& actual, file const& source) {
    return same(expected, actual, source.relative, source.absolute);
}

}  // namespace golden

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("usage: golden PATH...   files or folders of golden cases\n", stderr);
        return 2;
    }
    try {
        golden::replay all;
        for (int i = 1; i < argc; ++i)
            for (auto const& path : golden::files_under(argv[i])) all.read(path);
        if (all.suites.empty())
            throw kvt::error{kvt::error_kind::missing, argv[argc - 1], "nothing to replay", "files of golden cases"};
        return all.print() == 0 ? 0 : 1;
    } catch (std::exception const& problem) {
        std::fprintf(stderr, "%s\n", problem.what());
        return 2;
    }
}
