// The model folder's definitions, compiled once into kvt::compiled.
#include <kvt/model/detail/attention_change.ipp>
#include <kvt/model/detail/constructed.ipp>
#include <kvt/model/detail/kernels.ipp>
#include <kvt/model/detail/kv_storage.ipp>
#include <kvt/model/detail/rotary.ipp>
#include <kvt/model/detail/sampler.ipp>
#include <kvt/model/detail/shape.ipp>
#include <kvt/model/detail/tokenizer.ipp>
#include <kvt/model/detail/transformer.ipp>
#include <kvt/model/detail/weights.ipp>
