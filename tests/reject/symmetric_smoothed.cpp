// Codes around zero have no range to smooth.
// expect: error: .*kvt: smooth moves both ends of a range, and these codes follow one: quantize with quant::asym
#include <kvt/core/pipeline.hpp>
#include <kvt/quant/smooth.hpp>
#include <kvt/quant/symmetric.hpp>

namespace quant = kvt::quant;

#if ACCEPT
auto const lab =
    kvt::pipeline{quant::load_model{"m"}, quant::quantize{quant::asymmetric{2}}, quant::validate{}, quant::smooth{}};
#else
auto const lab =
    kvt::pipeline{quant::load_model{"m"}, quant::quantize{quant::symmetric{2}}, quant::validate{}, quant::smooth{}};
#endif
