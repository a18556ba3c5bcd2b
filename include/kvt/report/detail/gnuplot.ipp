#pragma once

#include <kvt/core/error.hpp>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace kvt::inline KVT_ABI::report::detail {

/// A file descriptor, closed at the end.
struct descriptor {
    int fd = -1;
    descriptor() = default;
    explicit descriptor(int f) : fd{f} {}
    descriptor(descriptor&& other) noexcept : fd{std::exchange(other.fd, -1)} {}
    descriptor& operator=(descriptor&& other) noexcept {
        std::swap(fd, other.fd);
        return *this;
    }
    ~descriptor() { close(); }
    void close() {
        if (fd >= 0) ::close(std::exchange(fd, -1));
    }
};

/// Two connected ends, ours and the child's. Sockets, so that writing to a child that has gone is an error and no signal.
KVT_DECL std::pair<descriptor, descriptor> channel() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        throw error{error_kind::io, "gnuplot", std::string{"no channel to it ("} + std::strerror(errno) + ")"};
    return {descriptor{ends[0]}, descriptor{ends[1]}};
}

/// The variables gnuplot and its font library need. Its own (GNUPLOT_*, GNUTERM) would change pictures, and are left out.
KVT_DECL std::vector<std::string> plot_environment() {
    std::vector<std::string> out{"LC_ALL=C.UTF-8"};
    for (char const* name : {"PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
                             "XDG_DATA_DIRS", "FONTCONFIG_PATH", "FONTCONFIG_FILE", "LD_LIBRARY_PATH"})
        if (char const* value = std::getenv(name)) out.push_back(std::string{name} + "=" + value);
    return out;
}

/// Starts `gnuplot -d` (no start-up files) reading commands from its standard input; answers errno.
KVT_DECL int start_gnuplot(int input, int output, int errors, pid_t& child) {
    auto variables = plot_environment();
    std::vector<char*> environment;
    for (auto& v : variables) environment.push_back(v.data());
    environment.push_back(nullptr);
    char name[] = "gnuplot", bare[] = "-d";
    char* const arguments[] = {name, bare, nullptr};
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, input, 0);
    ::posix_spawn_file_actions_adddup2(&files, output, 1);
    ::posix_spawn_file_actions_adddup2(&files, errors, 2);
    int const code = ::posix_spawnp(&child, name, &files, nullptr, arguments, environment.data());
    ::posix_spawn_file_actions_destroy(&files);
    return code;
}

/// Sends `script` and collects both answers, whichever is ready, so that neither side waits for the other.
KVT_DECL void converse(std::string_view script, descriptor& input, descriptor& output, descriptor& errors,
                       std::string& image, std::string& complaints) {
    std::vector<char> block(1 << 16);
    while (output.fd >= 0 || errors.fd >= 0) {
        std::array<pollfd, 3> waiting{{{input.fd, POLLOUT, 0}, {output.fd, POLLIN, 0}, {errors.fd, POLLIN, 0}}};
        if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) break;
        if (waiting[0].revents != 0) {
            auto const sent = ::send(input.fd, script.data(), script.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent > 0) script.remove_prefix(static_cast<std::size_t>(sent));
            if (script.empty() || (sent < 0 && errno != EAGAIN && errno != EINTR)) input.close();
        }
        for (auto [from, to, ready] :
             {std::tuple{&output, &image, waiting[1].revents}, {&errors, &complaints, waiting[2].revents}}) {
            if (ready == 0) continue;
            auto const got = ::read(from->fd, block.data(), block.size());
            if (got > 0) to->append(block.data(), static_cast<std::size_t>(got));
            else if (got == 0 || (errno != EINTR && errno != EAGAIN)) from->close();
        }
    }
}

/// The line of gnuplot's complaint that says what is wrong; it also repeats the command and points into it.
KVT_DECL std::string complaint_line(std::string_view text) {
    for (auto at = text.find("line "); at != text.npos; at = text.find("line ", at + 1)) {
        auto const end = std::min(text.find('\n', at), text.size());
        if (text.substr(at, end - at).find(": ") != text.npos) return std::string{text.substr(at, end - at)};
    }
    auto const start = text.find_first_not_of(" \n\r\t");
    if (start == text.npos) return "said nothing";
    return std::string{text.substr(start, std::min(text.find('\n', start), text.size()) - start)};
}

/// What gnuplot writes on its standard output for the script.
KVT_DECL std::string gnuplot(std::string_view script) {
    auto [input, child_input] = channel();
    auto [output, child_output] = channel();
    auto [errors, child_errors] = channel();
    pid_t child = -1;
    int const code = start_gnuplot(child_input.fd, child_output.fd, child_errors.fd, child);
    if (code == ENOENT)
        throw error{error_kind::missing, "gnuplot", "the plotting program is not installed",
                    "it on the PATH (Debian's package gnuplot-nox)"};
    if (code != 0)
        throw error{error_kind::work, "gnuplot", std::string{"cannot be started ("} + std::strerror(code) + ")"};
    child_input.close(), child_output.close(), child_errors.close();
    std::string image, complaints;
    converse(script, input, output, errors, image, complaints);
    input.close(), output.close(), errors.close();
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw error{error_kind::work, "gnuplot", "failed: " + complaint_line(complaints)};
    return image;
}

}  // namespace kvt::inline KVT_ABI::report::detail
