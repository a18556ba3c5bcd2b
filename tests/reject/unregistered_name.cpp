// A name that no policy is registered under.
// expect: error: .*kvt: no policy is registered under this Name; extend the registry with `with<"name", policy>`
// expect: "?(medain|\{109, 101, 100, 97, 105, 110)
#include <kvt/core/registry.hpp>

struct mean {};
KVT_EMPTY_RECORD(mean);
struct median {};
KVT_EMPTY_RECORD(median);

using centres = kvt::registry<kvt::entry<"mean", mean>, kvt::entry<"median", median>>;

#if ACCEPT
using chosen = centres::get<"median">;
#else
using chosen = centres::get<"medain">;
#endif
chosen const centre{};
