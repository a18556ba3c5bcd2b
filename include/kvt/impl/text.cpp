// The definitions of kvt/text, compiled once.
#include <kvt/text/detail/normalize.ipp>
#include <kvt/text/detail/overlap.ipp>
#include <kvt/text/detail/tokens.ipp>
#include <kvt/text/detail/unicode.ipp>
