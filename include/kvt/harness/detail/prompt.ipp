#pragma once

#include <kvt/harness/prompt.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL std::vector<engine::message> qa::pattern(data::example const&) const {
    return {{"system", "Answer the question using the provided context."},
            {"user", "Context:\n{context}\n\nQuestion:\n{question}"}};
}

KVT_DECL std::vector<engine::message> raw::pattern(data::example const& e) const {
    bool const both = !e.context.empty() && !e.question.empty();
    return {{"user", both ? "{context} {question}" : "{context}{question}"}};
}

KVT_DECL std::vector<engine::message> task_prompt::pattern(data::example const&) const { return {{"user", prompt}}; }

namespace detail {

KVT_DECL std::string fill_pattern(std::string_view pattern, data::example const& e, std::int64_t& behind) {
    std::string out;
    std::size_t context_end = 0;
    bool has_context = false;
    auto const replace = [&](std::string_view placeholder, std::string const& value) {
        if (!pattern.starts_with(placeholder)) return false;
        out += value;
        pattern.remove_prefix(placeholder.size());
        return true;
    };
    while (!pattern.empty()) {
        if (replace("{context}", e.context)) {
            context_end = out.size(), has_context = true;
            continue;
        }
        if (replace("{question}", e.question) || replace("{input}", e.question)) continue;
        auto const next = std::min(pattern.find('{', 1), pattern.size());
        out += pattern.substr(0, next);
        pattern.remove_prefix(next);
    }
    if (has_context) behind = static_cast<std::int64_t>(out.size() - context_end);
    return out;
}

}  // namespace detail

KVT_DECL rendered_prompt render(std::string_view name, data::example const& e) {
    return prompt_templates::visit(name, {}, "prompt.template", [&](auto const& t) { return render(t, e); });
}

KVT_DECL std::string template_version(std::string_view name) {
    return prompt_templates::visit(name, {}, "prompt.template", [](auto const& t) { return template_version(t); });
}

KVT_DECL std::string prompt_sha256(std::vector<engine::message> const& messages) {
    json list = json::list({});
    for (auto const& message : messages) list.push_back(to_json(message));
    return sha256_hex(dump(list, json_style::canonical));
}

}  // namespace kvt::inline KVT_ABI::harness
