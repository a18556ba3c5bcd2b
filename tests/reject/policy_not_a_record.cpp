// A policy whose parameters nobody can read.
// expect: error: .*kvt: a registered Policy must be a record: add KVT_RECORD or KVT_EMPTY_RECORD below it
// expect: (Policy = window|, window>)
#include <kvt/core/registry.hpp>

struct mean {};
KVT_EMPTY_RECORD(mean);
struct window {
    std::int64_t size = 8;
};
#if ACCEPT
KVT_RECORD(window, size);
#endif

using centres = kvt::registry<kvt::entry<"mean", mean>, kvt::entry<"window", window>>;
centres::get<"window"> const centre{};
