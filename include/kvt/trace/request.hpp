// Requests: what public traces hold, and the simulator's input.
#pragma once

#include <kvt/trace/fault.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kvt::inline KVT_ABI::trace {

/// One request of a load.
struct request {
    std::string request_id{};
    double arrival = 0;                 ///< seconds from any origin
    std::int64_t prompt_tokens = 1;     ///< at least 1
    std::int64_t generated_tokens = 0;  ///< at least 0
};
KVT_RECORD(request, request_id, arrival, prompt_tokens, generated_tokens);

/// Under which names a file holds them. A file without ids numbers its rows: q0, q1, ...
struct request_columns {
    std::string request_id = "request_id", arrival = "arrival", prompt_tokens = "prompt_tokens",
                generated_tokens = "generated_tokens";

    /// The names of the Azure LLM inference traces.
    [[nodiscard]] static request_columns azure() {
        return {"request_id", "TIMESTAMP", "ContextTokens", "GeneratedTokens"};
    }
};
KVT_RECORD(request_columns, request_id, arrival, prompt_tokens, generated_tokens);

/// Requests from CSV text. Arrivals are seconds, or dates with a time of day (`2023-11-16 18:17:03.9799600`, a T
/// between, an offset or Z behind), which become seconds after the first row. Throws a `trace_error` naming the row.
[[nodiscard]] std::vector<request> parse_requests(std::string_view text, request_columns const& names = {},
                                                  std::string_view where = "CSV");
/// The same from a file, plain or packed with gzip, in blocks.
[[nodiscard]] std::vector<request> read_requests(std::string const& path, request_columns const& names);
/// With the names of the Azure traces where the header has their TIMESTAMP, else the usual ones.
[[nodiscard]] std::vector<request> read_requests(std::string const& path);

/// Throws `bad_request` where a request has no finite arrival, no prompt, or a negative answer.
void check_requests(std::span<request const> requests);

}  // namespace kvt::inline KVT_ABI::trace

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/trace/detail/request.ipp>
#endif
