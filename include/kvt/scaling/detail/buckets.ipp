#pragma once

#include <kvt/scaling/buckets.hpp>
#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/training_run.hpp>

#include <cmath>
#include <map>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL std::int64_t bucket_key(double compute_budget, std::int64_t decimals) {
    return std::llrint(std::pow(10.0, static_cast<double>(decimals)) * std::log10(compute_budget));
}

KVT_DECL std::vector<bucket> buckets_of(std::span<run_point const> points, std::int64_t decimals) {
    std::map<std::int64_t, std::vector<std::size_t>> rows;
    for (std::size_t i = 0; i < points.size(); ++i) {
        double const c = points[i].compute_budget;
        if (std::isfinite(points[i].final_loss) && std::isfinite(c) && c > 0)
            rows[bucket_key(c, decimals)].push_back(i);
    }
    std::vector<bucket> out;
    for (auto& [key, of] : rows) out.push_back({key, std::move(of)});
    return out;
}

KVT_DECL usable_runs usable(std::span<training_run const> runs, std::string const& where) {
    usable_runs out;
    std::size_t dropped = 0;
    for (auto const& run : runs) {
        if (run.status != run_status::completed) continue;
        bool const fits = run.final_loss && std::isfinite(*run.final_loss) && std::isfinite(run.compute_budget) &&
                          run.compute_budget > 0 && run.model_size > 0 && run.num_tokens > 0;
        if (fits)
            out.points.push_back({run.compute_budget, static_cast<double>(run.model_size),
                                  static_cast<double>(run.num_tokens), *run.final_loss});
        else ++dropped;
    }
    if (dropped > 0)
        out.warnings.push_back(std::to_string(dropped) + " completed run" + (dropped == 1 ? "" : "s") +
                               " left out: no finite loss, or a budget, size or token count that is not above 0");
    if (out.points.empty())
        throw scaling_error{fault::no_completed_runs, where, "holds no completed run", "runs to analyze"};
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
