#pragma once

#include <kvt/net/sse.hpp>

#include <utility>

namespace kvt::inline KVT_ABI::net {

KVT_DECL void sse_parser::end_line(std::vector<sse_event>& events) {
    std::string_view line = line_;
    if (std::exchange(first_line_, false) && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    if (line.empty()) {
        if (has_data_) events.push_back({event_, data_, id_});
        has_data_ = false;
        data_.clear();
        event_.clear();
    } else {
        auto const colon = line.find(':');
        auto const name = line.substr(0, colon);
        auto value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
        if (value.starts_with(' ')) value.remove_prefix(1);
        if (name == "data") {
            if (std::exchange(has_data_, true)) data_ += '\n';
            data_ += value;
        } else if (name == "event") {
            event_ = value;
        } else if (name == "id" && value.find('\0') == std::string_view::npos) {
            id_ = value;
        }
    }
    line_.clear();
}

KVT_DECL bool sse_parser::feed(std::string_view bytes, std::vector<sse_event>& events) {
    while (!bytes.empty() && !overflow_) {
        if (std::exchange(after_return_, false) && bytes.front() == '\n') {
            bytes.remove_prefix(1);
            continue;
        }
        auto const end = bytes.find_first_of("\r\n");
        auto const piece = bytes.substr(0, end);
        overflow_ = line_.size() + data_.size() + piece.size() > limit_;
        if (overflow_) break;
        line_ += piece;
        if (end == std::string_view::npos) break;
        after_return_ = bytes[end] == '\r';
        bytes.remove_prefix(end + 1);
        end_line(events);
    }
    return !overflow_;
}

KVT_DECL std::string format_sse(std::string_view data, std::string_view event) {
    std::string out;
    if (!event.empty()) out += "event: " + std::string{event} + "\n";
    for (;;) {
        auto const end = data.find('\n');
        out += "data: " + std::string{data.substr(0, end)} + "\n";
        if (end == std::string_view::npos) break;
        data.remove_prefix(end + 1);
    }
    return out + "\n";
}

}  // namespace kvt::inline KVT_ABI::net
