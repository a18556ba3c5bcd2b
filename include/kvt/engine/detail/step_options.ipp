#pragma once

#include <kvt/core/error.hpp>
#include <kvt/engine/step_options.hpp>

namespace kvt::inline KVT_ABI::engine {

KVT_DECL void step_options::check() const {
    limits().check();
    if (threads < 0) throw error{error_kind::usage, "threads", std::to_string(threads), "at least 0"};
    for (auto const& [name, path] : {std::pair{"phase_log", &phase_log}, std::pair{"step_log", &step_log}})
        if (batching == engine::batching::alone && !path->empty())
            throw error{error_kind::usage, name, "requests that run alone share no steps", "batching `joined`"};
    if (!phase_log.empty() && phase_log == step_log)
        throw error{error_kind::usage, "step_log", "the same file as phase_log", "two files"};
}

}  // namespace kvt::inline KVT_ABI::engine
