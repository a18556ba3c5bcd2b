// Smoothing says what it improved, so the model must have been judged before.
// expect: error: .*kvt: wrong order: this Stage cannot consume what the stage before it \(After\) Produced
// expect: quantize<
// expect: smooth<
#include <kvt/core/pipeline.hpp>
#include <kvt/quant/smooth.hpp>

namespace quant = kvt::quant;

#if ACCEPT
auto const lab = kvt::pipeline{quant::load_model{"m"}, quant::quantize{}, quant::validate{}, quant::smooth{}};
#else
auto const lab = kvt::pipeline{quant::load_model{"m"}, quant::quantize{}, quant::smooth{}, quant::validate{}};
#endif
