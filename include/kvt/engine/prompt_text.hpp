// Messages as one text and one text as messages, for engines and endpoints that know only one of the two.
#pragma once

#include <kvt/engine/engine.hpp>

#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::engine {

/// What a model without a chat template continues: the prompt, or the contents of the messages joined by newlines.
/// Roles are not written: a bare model has no words for them.
[[nodiscard]] inline std::string prompt_text(request const& r) {
    if (r.endpoint == api::completions) return r.prompt;
    std::string out;
    for (std::size_t i = 0; i < r.messages.size(); ++i) out += (i > 0 ? "\n" : "") + r.messages[i].content;
    return out;
}

/// What a chat model is asked: the messages, or the prompt as one user message.
[[nodiscard]] inline std::vector<message> prompt_messages(request const& r) {
    if (r.endpoint == api::chat) return r.messages;
    return {{"user", r.prompt}};
}

}  // namespace kvt::inline KVT_ABI::engine
