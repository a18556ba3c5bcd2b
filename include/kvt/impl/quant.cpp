// The definitions of kvt/quant, compiled once.
#include <kvt/quant/detail/calibration.ipp>
#include <kvt/quant/detail/compat_8bit.ipp>
#include <kvt/quant/detail/encode.ipp>
#include <kvt/quant/detail/entropy.ipp>
#include <kvt/quant/detail/measure.ipp>
#include <kvt/quant/detail/model_source.ipp>
#include <kvt/quant/detail/pack.ipp>
#include <kvt/quant/detail/packed_model.ipp>
#include <kvt/quant/detail/packed_layout.ipp>
#include <kvt/quant/detail/packed_writer.ipp>
#include <kvt/quant/detail/quality.ipp>
#include <kvt/quant/detail/quantize_tensor.ipp>
#include <kvt/quant/detail/time_groups.ipp>
#include <kvt/quant/detail/value_scan.ipp>
