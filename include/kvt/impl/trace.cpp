// The definitions of kvt/trace, compiled once.
#include <kvt/trace/detail/baseline.ipp>
#include <kvt/trace/detail/charts.ipp>
#include <kvt/trace/detail/check.ipp>
#include <kvt/trace/detail/correction.ipp>
#include <kvt/trace/detail/describe.ipp>
#include <kvt/trace/detail/estimator.ipp>
#include <kvt/trace/detail/exposure.ipp>
#include <kvt/trace/detail/held_out.ipp>
#include <kvt/trace/detail/iterative.ipp>
#include <kvt/trace/detail/phase.ipp>
#include <kvt/trace/detail/predict.ipp>
#include <kvt/trace/detail/read.ipp>
#include <kvt/trace/detail/recover.ipp>
#include <kvt/trace/detail/request.ipp>
#include <kvt/trace/detail/service.ipp>
#include <kvt/trace/detail/simulate.ipp>
#include <kvt/trace/detail/text_blocks.ipp>
