// A pipeline whose first stage wants something.
// expect: error: .*kvt: the first stage of a pipeline must be a source: this Stage cannot consume kvt::start
// expect: (Stage = score|, score>)
#include <kvt/core/context.hpp>
#include <kvt/core/pipeline.hpp>

struct rows {};
struct load {
    using stage_concept = kvt::stage_tag;
    static constexpr std::string_view name = "load";
    rows operator()(kvt::run_context&, kvt::start) const { return {}; }
};
struct score {
    using stage_concept = kvt::stage_tag;
    static constexpr std::string_view name = "score";
    int operator()(kvt::run_context&, rows) const { return 1; }
};

#if ACCEPT
auto const lab = kvt::pipeline{load{}, score{}};
#else
auto const lab = kvt::pipeline{score{}};
#endif
