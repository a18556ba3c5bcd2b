// The definitions of kvt/quant, compiled once.
#include <kvt/quant/detail/bounded_smoothness.ipp>
#include <kvt/quant/detail/interpretation.ipp>
#include <kvt/quant/detail/model_smoothness.ipp>
#include <kvt/quant/detail/pattern.ipp>
#include <kvt/quant/detail/smoothness.ipp>
#include <kvt/quant/detail/token_groups.ipp>
#include <kvt/quant/detail/token_smoothness.ipp>
#include <kvt/quant/detail/calibration.ipp>
#include <kvt/quant/detail/compat_8bit.ipp>
#include <kvt/quant/detail/encode.ipp>
#include <kvt/quant/detail/entropy.ipp>
#include <kvt/quant/detail/measure.ipp>
#include <kvt/quant/detail/model_source.ipp>
#include <kvt/quant/detail/pack.ipp>
#include <kvt/quant/detail/quality.ipp>
#include <kvt/quant/detail/time_groups.ipp>
#include <kvt/quant/detail/value_scan.ipp>
