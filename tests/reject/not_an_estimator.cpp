// An estimator that does not say whether it looks at prompt tokens.
// expect: error: .*kvt: not an estimator: it needs a name, KVT_RECORD, check\(\), prompts\(\) and a call
#include <kvt/trace/estimator.hpp>

struct nothing_costs {
    static constexpr std::string_view name = "nothing_costs";
    struct answer {
        kvt::trace::coefficients beta;
        kvt::trace::identifiability told;
    };
    void check() const {}
#if ACCEPT
    kvt::trace::prompt_use prompts() const { return kvt::trace::prompt_use::unused; }
#endif
    answer operator()(kvt::trace::exposure const&) const { return {}; }
};
KVT_EMPTY_RECORD(nothing_costs);
KVT_RECORD(nothing_costs::answer, beta, told);

auto const stage = kvt::trace::estimate{nothing_costs{}};
