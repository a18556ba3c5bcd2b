#pragma once

#include <kvt/net/http.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <chrono>

// Rules for the coroutines of this folder (GCC 12 miscompiles what they rule out): parameters by value, every awaited
// argument a named local, no lambda with captures and no braced temporary inside a co_await expression. And all are
// templates over the connection: asio deduces its return types, so naming one of its operations on an object of known
// type compiles half of asio and Beast, whether the function is called or not.
namespace kvt::inline KVT_ABI::net::detail {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = boost::asio::ip::tcp;
using error_code = boost::system::error_code;
using clock = std::chrono::steady_clock;

/// A number of seconds as a duration; clamped, since a clock's arithmetic overflows at about 292 years.
inline clock::duration spell(double seconds) {
    return std::chrono::duration_cast<clock::duration>(
        std::chrono::duration<double>(seconds > 0 ? (seconds < 1e8 ? seconds : 1e8) : 0));
}

/// The system's words for an error, without the decorations Boost adds to them.
inline std::string words(error_code code) {
    auto text = code.message();
    for (auto const* decoration : {" [", " ("})
        if (auto const at = text.find(decoration); at != std::string::npos) text.resize(at);
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

/// Starts a coroutine on an event loop.
template <class Loop, class Answer, class Done> void launch(Loop& io, asio::awaitable<Answer> talk, Done done) {
    asio::co_spawn(io, std::move(talk), std::move(done));
}
/// The same, waited for by another thread than the loop's.
template <class Loop, class Answer> Answer finish(Loop& io, asio::awaitable<Answer> talk) {
    return asio::co_spawn(io, std::move(talk), asio::use_future).get();
}

template <class Fields> headers copy_headers(Fields const& fields) {
    headers out;
    for (auto const& f : fields) out.push_back({std::string{f.name_string()}, std::string{f.value()}});
    return out;
}

}  // namespace kvt::inline KVT_ABI::net::detail
