// Peers in Python: numbers go over in files, the answer comes back as JSON, and both sides time themselves in the same run.
#pragma once

#include <kvt/core/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace bench {

/// Seconds of the fastest of `runs` runs, each of which repeats `f` for about `at_least` seconds.
template <class F> double seconds_of(F&& f, int runs = 15, double at_least = 0.01) {
    using clock = std::chrono::steady_clock;
    auto const once = [&](int repeats) {
        auto const start = clock::now();
        for (int i = 0; i < repeats; ++i) f();
        return std::chrono::duration<double>(clock::now() - start).count();
    };
    int const repeats = std::max(1, static_cast<int>(at_least / std::max(once(1), 1e-7)));
    double best = once(repeats);
    for (int i = 1; i < runs; ++i) best = std::min(best, once(repeats));
    return best / repeats;
}

/// How busy the machine is with other work, said under every table: ratios of one run stay meaningful, seconds less so.
inline void print_load() {
    std::array<double, 1> load{};
    if (getloadavg(load.data(), 1) == 1)
        std::printf("load of the machine: %.1f on %u cores%s\n", load[0], std::thread::hardware_concurrency(),
                    load[0] > 1.5 ? " (busy: compare within the run only)" : "");
}

/// A folder of its own, removed at the end, with files of numbers in it.
class exchange {
  public:
    exchange() {
        std::string pattern = (std::filesystem::temp_directory_path() / "kvt-bench-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw kvt::error{kvt::error_kind::io, "bench", "no temporary folder"};
        folder_ = pattern;
    }
    exchange(exchange const&) = delete;
    exchange& operator=(exchange const&) = delete;
    ~exchange() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    void put_bytes(std::string const& name, std::span<std::byte const> bytes) const {
        std::ofstream file{folder_ + "/" + name, std::ios::binary};
        file.write(reinterpret_cast<char const*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        if (!file.flush()) throw kvt::error{kvt::error_kind::io, folder_, "cannot be written"};
    }
    void put(std::string const& name, std::span<double const> values) const { put_bytes(name, std::as_bytes(values)); }
    /// Whether the file holds exactly these bytes.
    [[nodiscard]] bool holds(std::string const& name, std::span<std::byte const> bytes) const {
        std::ifstream file{folder_ + "/" + name, std::ios::binary};
        std::vector<char> part(1 << 20);
        std::size_t at = 0;
        while (file.read(part.data(), static_cast<std::streamsize>(part.size())) || file.gcount() > 0) {
            auto const n = static_cast<std::size_t>(file.gcount());
            if (n > bytes.size() - at || std::memcmp(part.data(), bytes.data() + at, n) != 0) return false;
            at += n;
        }
        return at == bytes.size();
    }
    [[nodiscard]] std::vector<double> get(std::string const& name) const {
        std::ifstream file{folder_ + "/" + name, std::ios::binary};
        std::vector<double> values;
        for (double v = 0; file.read(reinterpret_cast<char*>(&v), sizeof v);) values.push_back(v);
        return values;
    }

    [[nodiscard]] std::string path(std::string const& name) const { return folder_ + "/" + name; }

    /// Runs benchmarks/<script> on this folder with tools/<tool>, which brings its packages; null, with the reason on
    /// stderr, where they cannot be had.
    [[nodiscard]] kvt::json run(std::string const& script, std::string const& tool = "scipy") const {
        std::string const source = KVT_BENCH_SOURCE;
        std::string const command =
            "'" + source + "/tools/" + tool + "' '" + source + "/benchmarks/" + script + "' '" + folder_ + "'";
        FILE* const pipe = popen(command.c_str(), "r");
        if (pipe == nullptr) return nullptr;
        std::string answer;
        std::array<char, 4096> part;
        while (auto const count = std::fread(part.data(), 1, part.size(), pipe)) answer.append(part.data(), count);
        if (pclose(pipe) != 0) {
            std::fprintf(stderr, "bench: without tools/%s, which did not run\n", tool.c_str());
            return nullptr;
        }
        return kvt::parse_json(answer, script);
    }

  private:
    std::string folder_;
};

/// A number with one digit, or a dash where there is none.
inline std::string number(double value, bool there) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return there ? text : "-";
}

/// A ratio and whether it is at least the target; a target of 0 is none.
inline std::string against(double ratio, double target, bool there) {
    char text[64];
    if (!there) std::snprintf(text, sizeof text, "%24s", "-");
    else if (target == 0) std::snprintf(text, sizeof text, "%8.1f x %14s", ratio, "");
    else std::snprintf(text, sizeof text, "%8.1f x (%3g: %s)", ratio, target, ratio >= target ? "held" : "missed");
    return text;
}

}  // namespace bench
