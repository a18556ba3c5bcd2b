// Two stages in the wrong order: the sentence names both.
// expect: error: .*kvt: wrong order: this Stage cannot consume what the stage before it \(After\) Produced
// expect: (After = load|fits<2U?L?, load)
// expect: (Stage = summarize|, summarize>)
#include <kvt/core/context.hpp>
#include <kvt/core/pipeline.hpp>

struct rows {};
struct scores {};
struct summary {};

struct load {
    using stage_concept = kvt::stage_tag;
    static constexpr std::string_view name = "load";
    rows operator()(kvt::run_context&, kvt::start) const { return {}; }
};
struct score {
    using stage_concept = kvt::stage_tag;
    static constexpr std::string_view name = "score";
    scores operator()(kvt::run_context&, rows) const { return {}; }
};
struct summarize {
    using stage_concept = kvt::stage_tag;
    static constexpr std::string_view name = "summarize";
    summary operator()(kvt::run_context&, scores) const { return {}; }
};

#if ACCEPT
auto const lab = kvt::pipeline{load{}, score{}, summarize{}};
#else
auto const lab = kvt::pipeline{load{}, summarize{}, score{}};
#endif
