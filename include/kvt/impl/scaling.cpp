// The definitions of kvt/scaling, compiled once.
#include <kvt/scaling/detail/buckets.ipp>
#include <kvt/scaling/detail/experiment.ipp>
#include <kvt/scaling/detail/fit.ipp>
#include <kvt/scaling/detail/json_outline.ipp>
#include <kvt/scaling/detail/law_fit.ipp>
#include <kvt/scaling/detail/laws.ipp>
#include <kvt/scaling/detail/mock_training.ipp>
#include <kvt/scaling/detail/offset_law.ipp>
#include <kvt/scaling/detail/optimum.ipp>
#include <kvt/scaling/detail/plan.ipp>
#include <kvt/scaling/detail/planner.ipp>
#include <kvt/scaling/detail/power_law.ipp>
#include <kvt/scaling/detail/probe_planner.ipp>
#include <kvt/scaling/detail/scaling_laws.ipp>
#include <kvt/scaling/detail/settings.ipp>
#include <kvt/scaling/detail/train.ipp>
#include <kvt/scaling/detail/training_run.ipp>
