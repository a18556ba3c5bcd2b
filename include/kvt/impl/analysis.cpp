// The definitions of kvt/analysis, compiled once.
#include <kvt/analysis/detail/aggregate.ipp>
