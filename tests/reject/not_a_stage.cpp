// A type that never said it is a stage.
// expect: error: .*kvt: not a stage: add `using stage_concept = kvt::stage_tag;`
// expect: (Stage = shout|, shout>)
#include <kvt/core/context.hpp>
#include <kvt/core/pipeline.hpp>

struct load {
    using stage_concept = kvt::stage_tag;
    static constexpr std::string_view name = "load";
    int operator()(kvt::run_context&, kvt::start) const { return 1; }
};
struct shout {
#if ACCEPT
    using stage_concept = kvt::stage_tag;
#endif
    static constexpr std::string_view name = "shout";
    int operator()(kvt::run_context&, int n) const { return n; }
};

auto const lab = kvt::pipeline{load{}, shout{}};
