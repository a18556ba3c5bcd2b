// The report folder's definitions, compiled once into kvt::compiled.
#include <kvt/report/detail/chart.ipp>
#include <kvt/report/detail/document.ipp>
#include <kvt/report/detail/heat_map.ipp>
#include <kvt/report/detail/html.ipp>
#include <kvt/report/detail/markdown.ipp>
#include <kvt/report/detail/palette.ipp>
#include <kvt/report/detail/panels.ipp>
#include <kvt/report/detail/phrase.ipp>
#include <kvt/report/detail/plain_text.ipp>
#include <kvt/report/detail/plot.ipp>
#include <kvt/report/detail/table.ipp>
