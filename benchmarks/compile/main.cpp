// What including a header costs: seconds, peak memory and preprocessed lines of an otherwise empty file, with
// definitions compiled apart and header-only, beside the bare dependencies, against targets and a committed budget.
#include "measure.hpp"
#include "programs.hpp"

#include <kvt/core/error.hpp>
#include <kvt/core/json.hpp>
#include <kvt/core/text_file.hpp>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace {

using kvt::json;

struct options {
    bool check = false, update = false;
    std::vector<std::string> names;  // empty: everything

    // The budget holds memory and lines, which other work beside does not change.
    [[nodiscard]] bench::pace pace() const { return check || update ? bench::pace::quick : bench::pace::steady; }
};

// A file to compile, and the upper bounds it is meant to stay under (0: none).
struct subject {
    std::string name, mode, text;
    double target_seconds = 0, target_mb = 0;
};

constexpr char const* apart = "apart";  // KVT_SEPARATE_COMPILATION
constexpr char const* together = "header-only";

std::string budget_path() { return bench::source_root() + "/benchmarks/compile/budget.json"; }

bool starts_any(std::vector<std::string> const& includes, std::string_view prefix) {
    return std::ranges::any_of(includes, [&](auto const& name) { return name.starts_with(prefix); });
}

// The targets of a header: core is lightest; what needs Eigen or range-v3 may cost more; the umbrella most.
void set_targets(subject& s, bench::header const& h) {
    if (h.path == "kvt/kvt.hpp") {
        s.target_seconds = s.mode == apart ? 2.5 : 9;
        s.target_mb = s.mode == apart ? 400 : 1000;
    } else if (s.mode == apart && h.path.find('/') == h.path.rfind('/')) {  // a folder's umbrella
        s.target_seconds = 1.2, s.target_mb = 250;
    } else if (s.mode == apart && h.path.starts_with("kvt/core/")) {
        s.target_seconds = 0.30, s.target_mb = 100;
    } else if (s.mode == apart) {
        bool const heavy = starts_any(h.reached, "Eigen/") || starts_any(h.reached, "range/v3/");
        s.target_seconds = heavy ? 1.2 : 0.6;
        s.target_mb = heavy ? 250 : 150;
    }
}

std::vector<subject> header_subjects() {
    std::vector<subject> all;
    for (auto const& h : bench::public_headers())
        for (auto const* mode : {apart, together}) {
            auto& s = all.emplace_back(subject{.name = h.path, .mode = mode, .text = "#include <" + h.path + ">\n"});
            set_targets(s, h);
        }
    return all;
}

// The dependencies alone, and together all that kvt itself includes from outside in each mode.
std::vector<subject> bare_subjects() {
    std::vector<subject> all{{.name = "(empty)", .mode = "bare", .text = "\n"}};
    for (auto const* name : {"boost/hana.hpp", "boost/asio.hpp", "boost/beast.hpp", "simdjson.h", "yaml-cpp/yaml.h",
                             "sqlite3.h", "fmt/core.h", "Eigen/Core", "range/v3/view/transform.hpp", "openssl/evp.h"})
        all.push_back({.name = name, .mode = "bare", .text = "#include <" + std::string{name} + ">\n"});
    for (auto const* mode : {apart, together}) {
        auto const text = bench::outside_includes(std::string_view{mode} == together);
        all.push_back({.name = "all that kvt includes", .mode = std::string{"bare, "} + mode, .text = text});
    }
    return all;
}

std::vector<std::string> flags_of(std::string const& mode) {
    return mode == apart ? std::vector<std::string>{"-DKVT_SEPARATE_COMPILATION"} : std::vector<std::string>{};
}

std::string mark(double value, double target) { return target == 0 ? " " : value <= target ? "." : "!"; }

void print_row(subject const& s, bench::cost const& c) {
    std::printf("%-40s %-18s %7.2f%s %6.0f%s %9zu\n", s.name.c_str(), s.mode.c_str(), c.seconds,
                mark(c.seconds, s.target_seconds).c_str(), c.peak_mb, mark(c.peak_mb, s.target_mb).c_str(), c.lines);
}

std::vector<bench::cost> measure_all(std::vector<subject> const& subjects, bench::pace pace) {
    std::vector<bench::job> jobs;
    for (auto const& s : subjects) jobs.push_back({s.text, flags_of(s.mode)});
    return bench::measure(jobs, pace);
}

json entry_of(bench::cost const& c) {
    return json::of({{"lines", c.lines}, {"peak_mb", static_cast<std::int64_t>(c.peak_mb + 0.5)}});
}

// What outgrew the committed budget by more than five percent (memory: and by more than two megabytes).
std::vector<std::string> over_budget(std::vector<subject> const& subjects, std::vector<bench::cost> const& costs,
                                     json const& budget) {
    std::vector<std::string> faults;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        auto const& [name, mode, text, target_seconds, target_mb] = subjects[i];
        auto const label = name + " (" + mode + ")";
        auto const* modes = budget.at("headers").find(name);
        auto const* allowed = modes != nullptr ? modes->find(mode) : nullptr;
        if (allowed == nullptr) {
            faults.push_back(label + " is not in the budget; ./kvt bench compile --update writes it");
            continue;
        }
        auto const lines = allowed->at("lines").real(), peak = allowed->at("peak_mb").real();
        if (static_cast<double>(costs[i].lines) > 1.05 * lines)
            faults.push_back(label + ": " + std::to_string(costs[i].lines) + " lines, budget " +
                             std::to_string(long(lines)));
        if (costs[i].peak_mb > std::max(1.05 * peak, peak + 2))
            faults.push_back(label + ": " + std::to_string(long(costs[i].peak_mb)) + " MB, budget " +
                             std::to_string(long(peak)));
    }
    return faults;
}

// Writes the whole budget, or where only some headers were measured, their part of it.
void write_budget(std::vector<subject> const& subjects, std::vector<bench::cost> const& costs, bool partial) {
    json headers = partial ? kvt::read_json_file(budget_path()).at("headers") : json{};
    for (std::size_t i = 0; i < subjects.size(); ++i) headers[subjects[i].name][subjects[i].mode] = entry_of(costs[i]);
    auto const budget = json::of({{"compiler", bench::compiler_version()}, {"headers", headers}});
    kvt::write_file(budget_path(), kvt::dump(budget, kvt::json_style::pretty) + "\n");
    std::printf("\nwrote %s\n", budget_path().c_str());
}

int check_budget(std::vector<subject> const& subjects, std::vector<bench::cost> const& costs) {
    auto const budget = kvt::read_json_file(budget_path());
    if (budget.at("compiler").text() != bench::compiler_version()) {
        throw kvt::error{kvt::error_kind::mismatch, budget_path(), "was taken with " + budget.at("compiler").text(),
                         bench::compiler_version() + "; --update takes a new one"};
    }
    auto const faults = over_budget(subjects, costs, budget);
    std::printf("\n");
    for (auto const& fault : faults) std::printf("over budget: %s\n", fault.c_str());
    std::printf("%zu of %zu over budget\n", faults.size(), subjects.size());
    return faults.empty() ? 0 : 1;
}

// The difference that one record, or one stage of a pipeline, makes.
void print_marginal() {
    constexpr std::size_t records = 40, stages = 32;
    using enum bench::record_use;
    using enum bench::composition;
    auto const costs = bench::measure({{bench::records_program(0, json), flags_of(apart)},
                                       {bench::records_program(records, json), flags_of(apart)},
                                       {bench::records_program(records, json_and_csv), flags_of(apart)},
                                       {bench::stages_program(stages, nested), flags_of(apart)},
                                       {bench::stages_program(stages, pipeline), flags_of(apart)}},
                                      bench::pace::steady);
    auto const print = [&](char const* what, std::size_t with, std::size_t without, std::size_t n) {
        auto const ms = 1000 * (costs[with].seconds - costs[without].seconds) / static_cast<double>(n);
        std::printf("%-59s %6.1f ms%s\n", what, ms, mark(ms, 15).c_str());
    };
    print("one record of ten fields, to and from JSON", 1, 0, records);
    print("the same, and to CSV", 2, 0, records);
    print("one stage of a pipeline, beside the nested calls", 4, 3, stages);
}

options parse(int argc, char** argv) {
    options chosen;
    for (int i = 1; i < argc; ++i) {
        std::string const word = argv[i];
        if (word == "--check") chosen.check = true;
        else if (word == "--update") chosen.update = true;
        else if (word.starts_with("-"))
            throw kvt::error{kvt::error_kind::usage, word, "unknown option", "--check or --update"};
        else chosen.names.push_back(word);
    }
    return chosen;
}

int run(options const& chosen) {
    auto subjects = header_subjects();
    if (!chosen.names.empty())
        std::erase_if(subjects, [&](subject const& s) {
            return std::ranges::none_of(chosen.names,
                                        [&](auto const& n) { return s.name.find(n) != std::string::npos; });
        });
    std::printf("%s, -O0, an otherwise empty file; \".\" within the target, \"!\" over it\n\n",
                bench::compiler_version().c_str());
    std::printf("%-40s %-18s %8s %7s %9s\n", "include", "mode", "CPU s", "MB", "lines");
    if (chosen.names.empty()) {
        auto const bare = bare_subjects();
        auto const costs = measure_all(bare, chosen.pace());
        for (std::size_t i = 0; i < bare.size(); ++i) print_row(bare[i], costs[i]);
    }
    auto const costs = measure_all(subjects, chosen.pace());
    for (std::size_t i = 0; i < subjects.size(); ++i) print_row(subjects[i], costs[i]);
    if (chosen.names.empty()) print_marginal();
    if (chosen.update) write_budget(subjects, costs, !chosen.names.empty());
    return chosen.check ? check_budget(subjects, costs) : 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(parse(argc, argv));
    } catch (kvt::error const& problem) {
        std::fprintf(stderr, "%s\n", problem.what());
        return problem.exit_code();
    }
}
