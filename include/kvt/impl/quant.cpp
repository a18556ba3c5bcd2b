// The definitions of kvt/quant, compiled once.
#include <kvt/quant/affine.hpp>
