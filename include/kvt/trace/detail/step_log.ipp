// Definitions of trace/step_log.hpp.
#pragma once

#include <kvt/core/csv.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/trace/step_log.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::trace {

KVT_DECL std::vector<logged_step> parse_steps(std::string_view text, std::string_view where) {
    std::vector<logged_step> out;
    try {
        out = from_csv<logged_step>(text, where);
    } catch (error const& bad) {
        throw trace_error{fault::bad_csv, bad.what()};
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
        auto const row = std::string{where} + ", step " + std::to_string(i + 1) + ": ";
        auto const& s = out[i];
        if (!std::isfinite(s.t_start) || !std::isfinite(s.t_end) || !(s.seconds() > 0))
            throw trace_error{fault::bad_number, row + "from " + shortest(s.t_start) + " to " + shortest(s.t_end),
                              "a step that takes time"};
        auto const wrong = [](std::optional<double> entries) { return entries && !(*entries >= 0); };
        if (s.prefill_tokens < 0 || s.decode_tokens < 0 || wrong(s.prefill_attended) || wrong(s.decode_attended))
            throw trace_error{fault::bad_number, row + "a negative count", "tokens, at least 0"};
    }
    return out;
}

KVT_DECL std::vector<logged_step> read_steps(std::string const& path) {
    if (!file_exists(path)) throw trace_error{fault::file_not_found, path};
    return parse_steps(read_file(path), path);
}

}  // namespace kvt::inline KVT_ABI::trace
