#pragma once

#include <kvt/core/error.hpp>
#include <kvt/scaling/token_batch.hpp>

#include <cmath>
#include <string>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL token_batch next_token_batch(std::span<std::int32_t const> ids, std::span<std::int32_t const> labels,
                                      std::size_t length) {
    if (length == 0 || ids.size() % length != 0 || labels.size() != ids.size())
        throw error{error_kind::usage, "batch",
                    std::to_string(ids.size()) + " ids and " + std::to_string(labels.size()) +
                        " labels make no sequences of " + std::to_string(length)};
    token_batch out{.length = length, .ids = {ids.begin(), ids.end()}, .targets = {labels.begin(), labels.end()}};
    for (std::size_t i = 0; i < labels.size(); ++i)
        out.targets[i] = (i + 1) % length == 0 ? ignored_label : labels[i + 1];
    return out;
}

KVT_DECL std::vector<double> checked_weights(token_batch const& batch, std::int64_t vocab_size) {
    auto const refuse = [](std::string problem, std::string expected = {}) {
        throw error{error_kind::usage, "batch", std::move(problem), std::move(expected)};
    };
    std::size_t const count = batch.ids.size();
    if (batch.length == 0 || count == 0 || count % batch.length != 0)
        refuse(std::to_string(count) + " ids make no sequences of " + std::to_string(batch.length));
    if (batch.targets.size() != count || (!batch.weights.empty() && batch.weights.size() != count))
        refuse("targets or weights are not as many as ids", std::to_string(count));
    std::size_t asked = 0;
    std::string const range = "0 to " + std::to_string(vocab_size - 1);
    for (std::size_t i = 0; i < count; ++i) {
        auto const id = batch.ids[i], target = batch.targets[i];
        if (id < 0 || id >= vocab_size) refuse("id " + std::to_string(id) + " at " + std::to_string(i), range);
        if (target == ignored_label) continue;
        if (target < 0 || target >= vocab_size)
            refuse("target " + std::to_string(target) + " at " + std::to_string(i), range + ", or -100");
        if (!batch.weights.empty() && !(std::isfinite(batch.weights[i]) && batch.weights[i] >= 0))
            refuse("the weight at " + std::to_string(i) + " is negative or not finite");
        if (batch.weights.empty() || batch.weights[i] > 0) ++asked;
    }
    if (asked == 0) refuse("no position has a target", "sequences of two tokens or more, not all labels -100");
    std::vector<double> out(count);
    for (std::size_t i = 0; i < count; ++i)
        if (batch.targets[i] != ignored_label)
            out[i] = batch.weights.empty() ? 1.0 / static_cast<double>(asked) : static_cast<double>(batch.weights[i]);
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
