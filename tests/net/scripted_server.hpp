// A server on loopback that does exactly what a script says, byte by byte: for clients' bad days.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace scripted {

/// A value that a server's thread writes and the test reads.
template <class T> class shared {
  public:
    void set(T value) {
        std::lock_guard const lock{guard_};
        value_ = std::move(value);
    }
    [[nodiscard]] T get() const {
        std::lock_guard const lock{guard_};
        return value_;
    }

  private:
    mutable std::mutex guard_;
    T value_{};
};

/// A listening socket on 127.0.0.1, not accepting by itself.
class listener {
  public:
    listener() : fd_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof place;
        auto* address = reinterpret_cast<sockaddr*>(&place);
        if (::bind(fd_, address, size) != 0 || ::listen(fd_, 16) != 0 || ::getsockname(fd_, address, &size) != 0)
            throw std::runtime_error{"cannot listen on loopback"};
        port_ = ntohs(place.sin_port);
    }
    ~listener() { ::close(fd_); }
    listener(listener const&) = delete;
    listener& operator=(listener const&) = delete;
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] int fd() const { return fd_; }

  private:
    int fd_;
    int port_ = 0;
};

/// One accepted connection, as the script sees it.
struct line {
    int fd;
    std::atomic<bool> const& stop;

    /// Reads until `mark` has come or the other side ends; what was read.
    std::string read_until(std::string_view mark) const {
        std::string got;
        char piece[4096];
        while (got.find(mark) == std::string::npos && ready(5000)) {
            auto const n = ::recv(fd, piece, sizeof piece, 0);
            if (n <= 0) break;
            got.append(piece, static_cast<std::size_t>(n));
        }
        return got;
    }
    /// Reads a whole request with a Content-Length.
    std::string read_request() const {
        auto got = read_until("\r\n\r\n");
        auto const head = got.find("\r\n\r\n");
        auto const length = got.find("Content-Length: ");
        if (head == std::string::npos || length == std::string::npos || length > head) return got;
        auto const size = head + 4 + std::stoul(got.substr(length + 16));
        char piece[4096];
        while (got.size() < size && ready(5000)) {
            auto const n = ::recv(fd, piece, sizeof piece, 0);
            if (n <= 0) break;
            got.append(piece, static_cast<std::size_t>(n));
        }
        return got;
    }
    void write(std::string_view bytes) const {
        while (!bytes.empty()) {
            auto const n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
    }
    void wait(int milliseconds) const {
        for (int i = 0; i < milliseconds && !stop; i += 10) std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    /// Closes with a reset instead of an orderly end.
    void reset() const {
        linger hard{1, 0};
        ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    }

  private:
    [[nodiscard]] bool ready(int milliseconds) const {
        pollfd waiting{fd, POLLIN, 0};
        for (int i = 0; i < milliseconds && !stop; i += 20)
            if (::poll(&waiting, 1, 20) > 0) return true;
        return false;
    }
};

/// Runs `script` for each connection, one after another, and counts them.
class server {
  public:
    using script = std::function<void(line const&)>;
    explicit server(script s) : script_{std::move(s)}, loop_{[this] { run(); }} {}
    ~server() {
        stop_ = true;
        loop_.join();
    }
    server(server const&) = delete;
    server& operator=(server const&) = delete;
    [[nodiscard]] int port() const { return listener_.port(); }
    [[nodiscard]] std::string url(std::string const& path = "/") const {
        return "http://127.0.0.1:" + std::to_string(port()) + path;
    }
    [[nodiscard]] int connections() const { return connections_; }

  private:
    void run() {
        while (!stop_) {
            pollfd waiting{listener_.fd(), POLLIN, 0};
            if (::poll(&waiting, 1, 20) <= 0) continue;
            int const fd = ::accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC);
            if (fd < 0) continue;
            ++connections_;
            script_(line{fd, stop_});
            ::close(fd);
        }
    }
    script script_;
    listener listener_;
    std::atomic<bool> stop_{false};
    std::atomic<int> connections_{0};
    std::thread loop_;
};

/// A port on loopback where nobody listens.
inline int dead_port() { return listener{}.port(); }

/// A complete reply.
inline std::string reply(std::string const& body, std::string const& status = "200 OK",
                         std::string const& extra = "Content-Type: application/json\r\n") {
    return "HTTP/1.1 " + status + "\r\n" + extra + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace scripted
