// The definitions of kvt/eval, compiled once.
#include <kvt/eval/detail/scoring.ipp>
#include <kvt/eval/detail/taxonomy.ipp>
