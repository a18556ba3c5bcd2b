// Compiles a rejection test twice: with ACCEPT=1 it must compile; with ACCEPT=0 it must not, for the stated reason, with
// one error and few lines.  usage: driver SOURCE COMPILER FLAGS...
#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <regex>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

constexpr int most_errors = 1, most_lines = 40;

struct outcome {
    int status = 0;
    std::string log;
};

outcome compile(std::vector<std::string> command, std::string const& form, std::string const& source) {
    command.insert(command.end(), {form, "-fsyntax-only", source});
    std::vector<char*> arguments;
    for (auto& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) return {-1, "cannot open a pipe"};
    pid_t const child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        setenv("LC_ALL", "C", 1);
        execvp(arguments[0], arguments.data());
        _exit(127);
    }
    close(ends[1]);
    outcome result;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = read(ends[0], buffer.data(), buffer.size())) > 0;)
        result.log.append(buffer.data(), static_cast<std::size_t>(got));
    close(ends[0]);
    waitpid(child, &result.status, 0);
    return result;
}

// The patterns of the lines `// expect: PATTERN`.
std::vector<std::string> expectations(std::string const& source) {
    std::ifstream in{source};
    std::vector<std::string> patterns;
    std::string const mark = "// expect: ";
    for (std::string line; std::getline(in, line);)
        if (line.starts_with(mark)) patterns.push_back(line.substr(mark.size()));
    return patterns;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "usage: driver SOURCE COMPILER FLAGS...\n";
        return 2;
    }
    std::string const source = argv[1];
    std::vector<std::string> const command{argv + 2, argv + argc};
    auto const patterns = expectations(source);
    auto const accepted = compile(command, "-DACCEPT=1", source), rejected = compile(command, "-DACCEPT=0", source);

    int errors = 0, lines = 0;
    std::istringstream log{rejected.log};
    for (std::string line; std::getline(log, line); ++lines)
        if (line.find("error:") != std::string::npos) ++errors;

    std::vector<std::string> faults;
    if (patterns.empty()) faults.push_back("no `// expect:` line in the source");
    if (accepted.status != 0) faults.push_back("the accepting form does not compile:\n" + accepted.log);
    if (rejected.status == 0) faults.push_back("the rejecting form compiles");
    for (auto const& pattern : patterns)
        if (!std::regex_search(rejected.log, std::regex{pattern})) faults.push_back("not in the log: " + pattern);
    if (errors > most_errors || lines > most_lines) faults.push_back("too noisy");

    std::cout << source << ": " << errors << " error, " << lines << " lines\n" << rejected.log;
    for (auto const& fault : faults) std::cout << "FAULT: " << fault << '\n';
    return faults.empty() ? 0 : 1;
}
