#include "measure.hpp"

#include <kvt/core/error.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/exec/executor.hpp>

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace bench {

namespace {

std::vector<std::string> base_command() {
    std::vector<std::string> words{KVT_BENCH_COMPILER, "-std=c++20"};
    std::istringstream folders{KVT_BENCH_INCLUDES};
    for (std::string folder; std::getline(folders, folder, '|');)
        if (!folder.empty() && folder != "/usr/include") words.push_back("-I" + folder);
    return words;
}

// Starts a command whose standard output and error go to a descriptor each.
pid_t start(std::vector<std::string> const& words, int out, int err) {
    std::vector<char*> arguments;
    for (auto const& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_t const child = fork();
    if (child == 0) {
        dup2(out, STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        execvp(arguments[0], arguments.data());
        _exit(127);
    }
    return child;
}

// The output of a command, or its number of lines where `text` is null.
std::size_t read_output(std::vector<std::string> const& words, std::string* text) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw kvt::error{kvt::error_kind::io, "pipe", "cannot be opened"};
    pid_t const child = start(words, ends[1], STDERR_FILENO);
    close(ends[1]);
    std::size_t lines = 0;
    std::array<char, 1 << 16> buffer{};
    for (ssize_t got = 0; (got = read(ends[0], buffer.data(), buffer.size())) > 0;) {
        lines += static_cast<std::size_t>(std::count(buffer.begin(), buffer.begin() + got, '\n'));
        if (text != nullptr) text->append(buffer.data(), static_cast<std::size_t>(got));
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) throw kvt::error{kvt::error_kind::work, words.back(), "does not preprocess"};
    return lines;
}

cost measure_one(job const& j, std::string const& file) {
    kvt::write_file(file, j.text);
    auto command = base_command();
    command.insert(command.end(), j.flags.begin(), j.flags.end());
    auto compile = command, preprocess = command;
    compile.insert(compile.end(), {"-O0", "-c", "-o", "/dev/null", file});
    preprocess.insert(preprocess.end(), {"-E", "-P", file});

    int status = 0;
    rusage usage{};
    wait4(start(compile, STDERR_FILENO, STDERR_FILENO), &status, 0, &usage);
    if (status != 0) throw kvt::error{kvt::error_kind::work, j.text.substr(0, j.text.find('\n')), "does not compile"};
    auto const seconds = [](timeval const& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); };
    return {.seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime),
            .peak_mb = static_cast<double>(usage.ru_maxrss) / 1024,
            .lines = read_output(preprocess, nullptr)};
}

// The include names of a file of include/.
std::vector<std::string> includes_of(std::string const& path) {
    std::vector<std::string> names;
    std::istringstream in{kvt::read_file(source_root() + "/include/" + path)};
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("#include <")) names.push_back(line.substr(10, line.find('>') - 10));
    return names;
}

// All includes reached from a header when definitions are compiled apart.
void reach(std::string const& path, std::set<std::string>& seen) {
    for (auto const& name : includes_of(path))
        if (!name.ends_with(".ipp") && seen.insert(name).second && name.starts_with("kvt/")) reach(name, seen);
}

std::vector<std::string> files() {
    namespace fs = std::filesystem;
    std::vector<std::string> found;
    fs::path const top = source_root() + "/include";
    for (auto const& entry : fs::recursive_directory_iterator{top})
        if (entry.is_regular_file()) found.push_back(fs::relative(entry.path(), top).generic_string());
    std::ranges::sort(found);
    return found;
}

}  // namespace

std::string source_root() { return KVT_BENCH_SOURCE; }

std::string compiler_version() {
    std::string text;
    read_output({KVT_BENCH_COMPILER, "--version"}, &text);
    return text.substr(0, text.find('\n'));
}

std::vector<header> public_headers() {
    std::vector<header> all;
    for (auto const& path : files()) {
        if (!path.ends_with(".hpp") || path.find("/detail/") != std::string::npos) continue;
        std::set<std::string> seen;
        reach(path, seen);
        all.push_back({path, {seen.begin(), seen.end()}});
    }
    return all;
}

std::string outside_includes(bool definitions) {
    std::set<std::string> names;
    for (auto const& path : files()) {
        if (path.ends_with(".cpp") || (!definitions && path.ends_with(".ipp"))) continue;
        for (auto const& name : includes_of(path))
            if (!name.starts_with("kvt/")) names.insert(name);
    }
    std::string text;
    for (auto const& name : names) text += "#include <" + name + ">\n";
    return text;
}

std::vector<cost> measure(std::vector<job> const& jobs, pace how) {
    namespace fs = std::filesystem;
    auto const folder = fs::temp_directory_path() / ("kvt-bench-" + std::to_string(getpid()));
    std::vector<cost> costs(jobs.size());
    kvt::exec::thread_executor const workers{how == pace::quick ? std::thread::hardware_concurrency() : 1U};
    workers.parallel_for(jobs.size(), [&](std::size_t i) {
        costs[i] = measure_one(jobs[i], (folder / (std::to_string(i) + ".cpp")).string());
    });
    fs::remove_all(folder);
    return costs;
}

}  // namespace bench
