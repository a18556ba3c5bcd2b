// cache_prompts: the source stage of a cache study, prompts whose answers are known.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/data/source.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::harness {

/// A context to be cached, a question that is asked of the cache, and the answer (of several, the first).
struct study_prompt {
    std::string id;
    std::string context, question, answer;
    std::vector<data::token_span> evidence{};  ///< where in the context the answer stands; empty where unknown
};
KVT_RECORD(study_prompt, id, context, question, answer, evidence);

/// The examples of any source as prompts.
template <data::source Source> struct cache_prompts {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "cache_prompts";

    Source source;

    explicit cache_prompts(Source s) : source{std::move(s)} {}

    [[nodiscard]] std::vector<study_prompt> operator()(run_context& context, start) const {
        std::vector<study_prompt> out;
        for (auto& e : source.load(context)) {
            auto evidence = data::evidence_of(e);
            out.push_back(
                {e.example_id, std::move(e.context), std::move(e.question), e.answers.front(), std::move(evidence)});
        }
        return out;
    }
};

}  // namespace kvt::inline KVT_ABI::harness
