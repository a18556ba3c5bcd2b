// Runs the `kvt` program as a user would: arguments in, exit code and both outputs back; or killed at a moment.
#pragma once

#include <support/scratch_folder.hpp>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace e2e {

namespace fs = std::filesystem;

/// What the test runner says: the program under test (KVT_COMMAND) and the top of the project (KVT_ROOT).
inline std::string environment(char const* name) {
    char const* value = std::getenv(name);
    if (value == nullptr) throw std::runtime_error{std::string{name} + " is not set; run through ctest"};
    return value;
}

inline std::string slurp(fs::path const& path) {
    std::ifstream in{path, std::ios::binary};
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

inline void spit(fs::path const& path, std::string const& text) {
    fs::create_directories(path.parent_path());
    std::ofstream{path, std::ios::binary} << text;
}

/// A folder of its own for one test, with the repository's config/ beside it.
class workplace {
  public:
    workplace() { fs::create_directory_symlink(fs::path{environment("KVT_ROOT")} / "config", *this / "config"); }
    [[nodiscard]] fs::path path() const { return folder_.path; }
    [[nodiscard]] fs::path operator/(std::string const& name) const { return folder_ / name; }

  private:
    scratch_folder folder_{};
};

struct result {
    int code = -1;  ///< exit code, or -1 where a signal ended it
    int signal = 0;
    std::string out, err;

    [[nodiscard]] std::size_t err_lines() const {
        std::size_t n = 0;
        for (char c : err) n += c == '\n';
        return n;
    }
};

/// A running `kvt`; killed when it goes out of scope.
class process {
  public:
    process(workplace const& place, std::vector<std::string> arguments)
        : out_{place.path() / ("out." + std::to_string(next()))}, err_{out_.string() + ".err"} {
        std::vector<char*> argv;
        std::string program = environment("KVT_COMMAND");
        argv.push_back(program.data());
        for (auto& a : arguments) argv.push_back(a.data());
        argv.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ < 0) throw std::runtime_error{"fork"};
        if (pid_ > 0) return;
        int const out = ::open(out_.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
        int const err = ::open(err_.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
        ::dup2(out, 1), ::dup2(err, 2);
        ::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE);             // not even root writes where the owner may not
        ::signal(SIGHUP, SIG_DFL), ::signal(SIGPIPE, SIG_DFL);  // whatever the tests were started with
        ::setenv("KVT_ROOT", place.path().c_str(), 1);
        if (::chdir(place.path().c_str()) != 0) ::_exit(126);
        ::execv(program.c_str(), argv.data());
        ::_exit(127);
    }
    ~process() {
        if (pid_ > 0) kill(SIGKILL), wait();
    }
    process(process const&) = delete;
    process& operator=(process const&) = delete;

    void kill(int signal) const { ::kill(pid_, signal); }
    result wait() {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {}
        pid_ = -1;
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0, slurp(out_),
                slurp(err_)};
    }
    [[nodiscard]] std::string err_so_far() const { return slurp(err_); }
    [[nodiscard]] std::string out_so_far() const { return slurp(out_); }
    [[nodiscard]] bool running() {
        int status = 0;
        return ::waitpid(pid_, &status, WNOHANG) == 0;
    }

  private:
    static int next() {
        static int n = 0;
        return ++n;
    }
    fs::path out_, err_;
    pid_t pid_ = -1;
};

inline result kvt(workplace const& place, std::vector<std::string> arguments) {
    return process{place, std::move(arguments)}.wait();
}

/// Waits until `ready()`, at most `seconds`; false where it never was.
template <class F> bool eventually(F&& ready, double seconds = 20) {
    auto const end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    while (std::chrono::steady_clock::now() < end) {
        if (ready()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    return false;
}

/// A small experiment on the recall model: three lengths with `n` prompts each, two policies, three budgets.
inline std::string small_experiment(std::string const& group, int n = 4) {
    auto const each = std::to_string(n);
    return "dataset: {name: recall, task: one_key, source: recall, n_per_bin: " + each +
           ", recall: {lengths: [96, 128, 256], n_examples: " + each +
           ", seed: 3}}\n"
           "binning: {n_bins: 3}\n"
           "tokenizer: {name: recall, mode: word}\n"
           "model: {name: recall, max_model_len: 2048}\n"
           "engine: {type: embedded, api: completions, model_dir: config/models/recall}\n"
           "prompt: {template: raw}\n"
           "kv: {policies: [snapkv, random], budgets: [1.0, 0.5, 0.2]}\n"
           "decoding: {max_tokens: 8}\n"
           "run: {prompt_buffer: 0}\n"
           "scoring: {primary_metric: em}\n"
           "output: {exp_group_id: " +
           group + "}\n";
}

}  // namespace e2e
