// cache_prompts: the source stages of a cache study, prompts whose answers are known.
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
    std::string where{};                       ///< `file:line` it was read from; empty where it was generated

    /// What messages call it.
    [[nodiscard]] std::string place() const { return where.empty() ? id : where + " (" + id + ")"; }
};
KVT_RECORD(study_prompt, id, context, question, answer, evidence, where);

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

/// The rows of a JSON Lines file as prompts, in any of the forms that `data::canonical` knows. Throws `error` naming
/// `file:line`, what is wrong there and what was expected: a line that is not JSON, no context, question or answer, one of
/// another type, evidence that is no list of spans, an id that an earlier line has; or naming the file where it cannot be
/// read or has no rows.
struct read_cache_prompts {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "read_cache_prompts";

    std::string path;

    explicit read_cache_prompts(std::string file) : path{std::move(file)} {}

    [[nodiscard]] std::vector<study_prompt> operator()(run_context& context, start) const;
};

}  // namespace kvt::inline KVT_ABI::harness

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/harness/detail/cache_prompts.ipp>
#endif
