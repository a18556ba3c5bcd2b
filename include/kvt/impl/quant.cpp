// The definitions of kvt/quant, compiled once.
#include <kvt/quant/detail/bounded_smoothness.ipp>
#include <kvt/quant/detail/interpretation.ipp>
#include <kvt/quant/detail/model_smoothness.ipp>
#include <kvt/quant/detail/pattern.ipp>
#include <kvt/quant/detail/smoothness.ipp>
#include <kvt/quant/detail/token_groups.ipp>
#include <kvt/quant/detail/token_smoothness.ipp>
