// The cache folder's definitions, compiled once into kvt::compiled.
#include <kvt/cache/detail/any_policy.ipp>
#include <kvt/cache/detail/budget.ipp>
#include <kvt/cache/detail/calibration.ipp>
#include <kvt/cache/detail/full.ipp>
#include <kvt/cache/detail/h2o.ipp>
#include <kvt/cache/detail/kv_cache.ipp>
#include <kvt/cache/detail/observation.ipp>
#include <kvt/cache/detail/policy.ipp>
#include <kvt/cache/detail/random.ipp>
#include <kvt/cache/detail/receipt.ipp>
#include <kvt/cache/detail/receipt_verify.ipp>
#include <kvt/cache/detail/resident_set.ipp>
#include <kvt/cache/detail/snapkv.ipp>
#include <kvt/cache/detail/streaming_llm.ipp>
#include <kvt/cache/detail/sweep.ipp>
