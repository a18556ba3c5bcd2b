// The definitions of kvt/trace, compiled once.
#include <kvt/trace/detail/baseline.ipp>
#include <kvt/trace/detail/check.ipp>
#include <kvt/trace/detail/correction.ipp>
#include <kvt/trace/detail/describe.ipp>
#include <kvt/trace/detail/estimator.ipp>
#include <kvt/trace/detail/exposure.ipp>
#include <kvt/trace/detail/iterative.ipp>
#include <kvt/trace/detail/judge.ipp>
#include <kvt/trace/detail/phase.ipp>
#include <kvt/trace/detail/read.ipp>
#include <kvt/trace/detail/recover.ipp>
#include <kvt/trace/detail/request.ipp>
#include <kvt/trace/detail/simulate.ipp>
#include <kvt/trace/detail/step_log.ipp>
#include <kvt/trace/detail/step_plan.ipp>
