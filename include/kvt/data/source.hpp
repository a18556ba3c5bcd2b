// The source contract: where examples come from.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/data/example.hpp>

#include <concepts>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::data {

/// Yields the examples of one task of one data set, the same ones in the same order every time, each with an id of its
/// own and at least one answer; throws `error` where there are none. Its public fields `dataset` and `task` name them.
/// Satisfied by `longbench`, `ruler`, `recall`, `jsonl_file` and `in_memory`.
template <class S> concept source = record<S> && named<S> && requires(S const& s, run_context& context) {
    { s.dataset } -> std::convertible_to<std::string>;
    { s.task } -> std::convertible_to<std::string>;
    { s.load(context) } -> std::same_as<std::vector<example>>;
};

/// How many examples a source generates at most.
inline constexpr std::int64_t most_examples = 1'000'000;

/// Examples the program already holds.
struct in_memory {
    static constexpr std::string_view name = "in_memory";

    std::string dataset = "memory";
    std::string task = "task";
    std::vector<example> examples{};

    [[nodiscard]] std::vector<example> load(run_context&) const {
        if (examples.empty()) throw error{error_kind::missing, dataset + "/" + task, "no examples"};
        return examples;
    }
};
KVT_RECORD(in_memory, dataset, task, examples);

}  // namespace kvt::inline KVT_ABI::data
