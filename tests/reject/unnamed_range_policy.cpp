// A range policy without a name, which reports could not tell from others.
// expect: error: .*kvt: not a range policy: it has no `static constexpr std::string_view name`
// expect: (P = as_they_are|<as_they_are>)
#include <kvt/core/pipeline.hpp>
#include <kvt/quant/optimize.hpp>

namespace quant = kvt::quant;

struct as_they_are {
#if ACCEPT
    static constexpr std::string_view name = "as_they_are";
#endif
    void check() const {}
    quant::refined operator()(quant::grouped_values const& tensor, std::span<quant::value_range const> start) const {
        return quant::start_from(tensor, start);
    }
};
KVT_EMPTY_RECORD(as_they_are);

auto const lab =
    kvt::pipeline{quant::load_model{"m"}, quant::quantize{}, quant::validate{}, quant::optimize{as_they_are{}}};
