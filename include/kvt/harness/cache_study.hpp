// cache_study: the caches of a model, quantized: how smooth, how damaged, and whether the one tells of the other.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/engine/language_model.hpp>
#include <kvt/harness/cache_findings.hpp>
#include <kvt/harness/cache_prompts.hpp>

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// The context of each prompt is prefilled and its cache quantized (keys per channel, values per token, each with its
/// residual window); then the question and the expected answer are run on it. An answer counts as right where every token
/// of it is the most likely one, which is when greedy decoding would give it. Prompts are shared out over the context's
/// executor; the findings are the same for every executor.
///
/// Throws `error{usage}` where there are no prompts or one does not fit the model, naming it.
struct cache_study {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "cache_study";

    std::shared_ptr<engine::language_model const> model;
    cache_study_settings settings{};

    explicit cache_study(engine::language_model m, cache_study_settings how = {})
        : model{std::make_shared<engine::language_model const>(std::move(m))}, settings{std::move(how)} {}

    [[nodiscard]] cache_findings operator()(run_context& context, std::vector<study_prompt> const& prompts) const;
};

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/cache_study.ipp>
#endif
