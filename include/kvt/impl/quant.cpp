// The definitions of kvt/quant, compiled once.
#include <kvt/quant/detail/token_groups.ipp>
#include <kvt/quant/detail/token_smoothness.ipp>
