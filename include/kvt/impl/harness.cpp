// The harness folder's definitions, compiled once into kvt::compiled.
#include <kvt/harness/detail/budgets.ipp>
#include <kvt/harness/detail/clean.ipp>
#include <kvt/harness/detail/group.ipp>
#include <kvt/harness/detail/guards.ipp>
#include <kvt/harness/detail/ledger.ipp>
#include <kvt/harness/detail/limits.ipp>
#include <kvt/harness/detail/measured.ipp>
#include <kvt/harness/detail/observe.ipp>
#include <kvt/harness/detail/plots.ipp>
#include <kvt/harness/detail/prepare.ipp>
#include <kvt/harness/detail/report.ipp>
#include <kvt/harness/detail/report_document.ipp>
#include <kvt/harness/detail/report_input.ipp>
#include <kvt/harness/detail/report_sections.ipp>
#include <kvt/harness/detail/run_options.ipp>
#include <kvt/harness/detail/score.ipp>
#include <kvt/harness/detail/verify.ipp>
