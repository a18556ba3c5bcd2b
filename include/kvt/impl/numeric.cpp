// The definitions of kvt/numeric, compiled once.
#include <kvt/numeric/detail/bootstrap.ipp>
#include <kvt/numeric/detail/changepoint.ipp>
#include <kvt/numeric/detail/corrections.ipp>
#include <kvt/numeric/detail/gram.ipp>
#include <kvt/numeric/detail/hinge.ipp>
#include <kvt/numeric/detail/hypothesis.ipp>
#include <kvt/numeric/detail/interval.ipp>
#include <kvt/numeric/detail/isotonic.ipp>
#include <kvt/numeric/detail/logistic.ipp>
#include <kvt/numeric/detail/mean_resampler.ipp>
#include <kvt/numeric/detail/mt19937_reference.ipp>
#include <kvt/numeric/detail/nnls.ipp>
#include <kvt/numeric/detail/nnls_batch.ipp>
#include <kvt/numeric/detail/nnls_gram.ipp>
#include <kvt/numeric/detail/nnls_small.ipp>
#include <kvt/numeric/detail/random_indices.ipp>
#include <kvt/numeric/detail/regression.ipp>
