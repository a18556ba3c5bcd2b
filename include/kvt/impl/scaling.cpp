// The definitions of kvt/scaling, compiled once.
#include <kvt/scaling/detail/causal_attention.ipp>
#include <kvt/scaling/detail/decoder.ipp>
#include <kvt/scaling/detail/decoder_pass.ipp>
#include <kvt/scaling/detail/decoder_shape.ipp>
#include <kvt/scaling/detail/layer_kernels.ipp>
#include <kvt/scaling/detail/parameter_list.ipp>
#include <kvt/scaling/detail/token_batch.ipp>
