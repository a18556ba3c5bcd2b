// The resolved configuration's dataset, binning and sampling sections as a selection rule, checked key by key.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/data/sampling.hpp>

namespace kvt::inline KVT_ABI::data {

/// What those sections ask for.
struct sampling_settings {
    sampling how;
    quantile_bins bins;
};
KVT_RECORD(sampling_settings, how, bins);

/// Reads `dataset.{n_per_bin, seed, max_prompt_tokens, pinned_entry_indices, sanity_slices}`, `binning.{n_bins,
/// max_token_len}` and `sampling.{strategy, focus}`. Caps, pins and the seed may also be decimal text, which is what
/// environment values are; a seed that is no number is 0. Keys of rules that do not apply are not read: pins silence
/// slices, both silence the strategy's numbers. Throws `data_error` with the code of the first key that is wrong.
[[nodiscard]] sampling_settings read_sampling(json const& settings);

}  // namespace kvt::inline KVT_ABI::data

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/data/detail/sampling_settings.ipp>
#endif
