// The definitions of kvt/quant, compiled once.
#include <kvt/quant/detail/beta_schedule.ipp>
#include <kvt/quant/detail/bounded_smoothness.ipp>
#include <kvt/quant/detail/coordinate_descent.ipp>
#include <kvt/quant/detail/group_error.ipp>
#include <kvt/quant/detail/group_evaluator.ipp>
#include <kvt/quant/detail/group_histogram.ipp>
#include <kvt/quant/detail/grouped_values.ipp>
#include <kvt/quant/detail/interpretation.ipp>
#include <kvt/quant/detail/kernel_smoothing.ipp>
#include <kvt/quant/detail/loss.ipp>
#include <kvt/quant/detail/model_smoothness.ipp>
#include <kvt/quant/detail/pattern.ipp>
#include <kvt/quant/detail/range_policy.ipp>
#include <kvt/quant/detail/range_search.ipp>
#include <kvt/quant/detail/sequential_smoothing.ipp>
#include <kvt/quant/detail/smoothness.ipp>
