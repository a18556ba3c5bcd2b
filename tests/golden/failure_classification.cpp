// Golden cases of failure labels (spec K).
#include "replay.hpp"

#include <kvt/eval/taxonomy.hpp>

namespace {

using golden::verdict;
using kvt::json;
namespace eval = kvt::eval;

eval::optional_view view(json const& in, std::string_view key) {
    auto const& value = in.at(key);
    return value.is_null() ? std::nullopt : eval::optional_view{value.text()};
}
json name(std::optional<eval::failure_label> label) { return label ? json{kvt::name_of(*label)} : json{}; }

golden::suite const reference{"failure_classification", "reference", [](json const& c, golden::file const& source) {
    auto const& in = c.at("in");
    auto const label = eval::classify_compat(view(in, "text"), view(in, "finish_reason"), view(in, "error_message"));
    return golden::same(c.at("out"), json::of({{"label", name(label)}}), source);
}};

golden::suite const response{"failure_classification", "kvt_response", [](json const& c, golden::file const& source) {
    auto const text = view(c.at("in"), "text"), finish = view(c.at("in"), "finish_reason");
    return golden::same(c.at("out"),
                        json::of({{"label", name(eval::classify_response(text, finish))},
                                  {"reference_label", name(eval::classify_compat(text, finish, {}))}}),
                        source);
}};

golden::suite const error{"failure_classification", "kvt_error", [](json const& c, golden::file const& source) {
    auto const message = view(c.at("in"), "error_message");
    auto const& status = c.at("in").at("http_status");
    auto const label = eval::classify_error(message, status.is_null() ? std::nullopt : std::optional{status.integer()});
    return golden::same(c.at("out"), json::of({{"label", name(label)},
                                               {"reference_label_with_empty_text",
                                                name(eval::classify_compat("", {}, message))}}), source);
}};

golden::suite const retryable{"failure_classification", "retryable_reference",
                              [](json const& c, golden::file const& source) {
                                  bool const again = eval::retryable_compat(c.at("in").at("message").text());
                                  return golden::same(c.at("out"), json::of({{"reference_retryable", again}}), source);
                              }};

}  // namespace
