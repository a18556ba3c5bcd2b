// A cache policy that does not say what it needs to observe.
// expect: error: .*kvt: this cache Policy has no `cache::observation_needs needs\(\) const`
// expect: (Policy = newest|<newest>)
#include <kvt/cache/policies.hpp>

struct newest {
    static constexpr std::string_view name = "newest";
    static constexpr kvt::cache::budget_mode when = kvt::cache::budget_mode::prompt;
#if ACCEPT
    kvt::cache::observation_needs needs() const { return {}; }
#endif
    void select(kvt::cache::head_view const& view, std::int32_t slots, kvt::random_stream, std::vector<std::int32_t>& kept) const {
        kvt::cache::keep_range(view.length() - slots, view.length(), kept);
    }
};
KVT_EMPTY_RECORD(newest);

using mine = kvt::cache::policies::with<"newest", newest>;
auto const chosen = kvt::cache::make_policy<mine>("newest");
