// A stage without a name.
// expect: error: .*kvt: stage has no `static constexpr std::string_view name`
// expect: (Stage = load|, load>)
#include <kvt/core/context.hpp>
#include <kvt/core/pipeline.hpp>

struct load {
    using stage_concept = kvt::stage_tag;
#if ACCEPT
    static constexpr std::string_view name = "load";
#endif
    int operator()(kvt::run_context&, kvt::start) const { return 1; }
};

auto const lab = kvt::pipeline{load{}};
