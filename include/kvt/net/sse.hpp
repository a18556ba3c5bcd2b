// Server-sent events: a stream of bytes, cut anywhere, turned into events.
#pragma once

#include <kvt/core/record.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::net {

/// One event. `data` joins the event's data lines with newlines.
struct sse_event {
    std::string event;  ///< empty: "message"
    std::string data;
    std::string id;  ///< the last id seen in the stream, as the standard asks
};
KVT_RECORD(sse_event, event, data, id);

/// Incremental parser of an event stream (WHATWG HTML, "Server-sent events", section 9.2.6): lines end in LF, CR or
/// CRLF; a byte-order mark, comments and unknown fields are skipped; an event without data is not one; an event that
/// the stream's end cuts off is dropped. The result does not depend on how the bytes were cut into pieces.
class sse_parser {
  public:
    /// `limit`: the largest event (and line) in bytes.
    explicit sse_parser(std::size_t limit = std::size_t{16} << 20) : limit_{limit} {}

    /// Appends the events that these bytes complete. False, now and from then on, once an event is larger than the
    /// limit.
    [[nodiscard]] bool feed(std::string_view bytes, std::vector<sse_event>& events);

  private:
    void end_line(std::vector<sse_event>& events);

    std::size_t limit_;
    std::string line_, data_, event_, id_;
    bool has_data_ = false, after_return_ = false, overflow_ = false, first_line_ = true;
};

/// One event as a server writes it; `data` may hold newlines.
[[nodiscard]] std::string format_sse(std::string_view data, std::string_view event = {});

}  // namespace kvt::inline KVT_ABI::net

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/net/detail/sse.ipp>
#endif
