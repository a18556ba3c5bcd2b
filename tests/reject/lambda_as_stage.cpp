// A lambda in a pipeline.
// expect: error: .*kvt: not a stage: add `using stage_concept = kvt::stage_tag;`
#include <kvt/core/context.hpp>
#include <kvt/core/pipeline.hpp>

struct load {
    using stage_concept = kvt::stage_tag;
    static constexpr std::string_view name = "load";
    int operator()(kvt::run_context&, kvt::start) const { return 1; }
};
struct twice {
    using stage_concept = kvt::stage_tag;
    static constexpr std::string_view name = "twice";
    int operator()(kvt::run_context&, int n) const { return 2 * n; }
};

#if ACCEPT
auto const lab = kvt::pipeline{load{}, twice{}};
#else
auto const lab = kvt::pipeline{load{}, [](kvt::run_context&, int n) { return 2 * n; }};
#endif
