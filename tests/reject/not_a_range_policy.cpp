// A range policy whose call makes ranges alone, and not what there is to say about them.
// expect: error: .*kvt: not a range policy: it needs `void check\(\) const`, and a const call that makes a quant::refined
// expect: (P = as_they_are|<as_they_are>)
#include <kvt/quant/smooth.hpp>

namespace quant = kvt::quant;

struct as_they_are {
    static constexpr std::string_view name = "as_they_are";
    void check() const {}
    using ranges = std::span<quant::value_range const>;
#if ACCEPT
    quant::refined operator()(quant::grouped_values const& tensor, ranges start) const {
        return quant::start_from(tensor, start);
    }
#else
    std::vector<quant::value_range> operator()(quant::grouped_values const&, ranges start) const {
        return {start.begin(), start.end()};
    }
#endif
};
KVT_EMPTY_RECORD(as_they_are);

auto const stage = quant::smooth{as_they_are{}};
