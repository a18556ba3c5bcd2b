// plan: the source stages of the pipeline: a sweep made by a planner, or one that lies in a file.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/scaling/planner.hpp>

namespace kvt::inline KVT_ABI::scaling {

/// A sweep, and the file it lies in (empty: none).
struct planned {
    std::vector<experiment> sweep;
    std::string path;
};

/// Plans a sweep and writes it.
struct plan {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "plan";
    planner grid{};
    learning_rate_rule rates{};
    std::string path{};  ///< of sweep.json; empty: it is not written

    constexpr explicit plan(planner p = {}, std::string file = {}, learning_rate_rule rule = {})
        : grid{p}, rates{rule}, path{std::move(file)} {}

    planned operator()(run_context& context, start) const;
};

/// Reads a sweep that was planned before.
struct load_sweep {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "load_sweep";
    std::string path;

    planned operator()(run_context&, start) const { return {read_sweep(path), path}; }
};

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/plan.ipp>
#endif
