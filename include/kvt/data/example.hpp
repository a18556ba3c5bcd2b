// The canonical example: one question over one context, and the answers that count as right.
#pragma once

#include <kvt/core/json.hpp>

#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::data {

/// `answers` is never empty. `meta` is an object: `task`, `source_keys` and what the source adds; a source that knows
/// where the answer stands adds `evidence` (see `evidence_of`).
struct example {
    std::string example_id;
    std::string question;
    std::string context;
    std::vector<std::string> answers;
    json meta;
};
KVT_RECORD(example, example_id, question, context, answers, meta);

/// Token positions begin..end-1 of a prompt.
struct token_span {
    std::int64_t begin = 0, end = 0;

    friend bool operator==(token_span const&, token_span const&) = default;
};
KVT_RECORD(token_span, begin, end);

/// Where in the raw prompt (context, a space, question; position 0 is the model's first token, `<bos>` where it has one)
/// the answer stands, in tokens of the model the example was made for; empty where the source does not know.
[[nodiscard]] std::vector<token_span> evidence_of(example const& e);

}  // namespace kvt::inline KVT_ABI::data

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/data/detail/example.ipp>
#endif
