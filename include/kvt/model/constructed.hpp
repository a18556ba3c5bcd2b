// constructed: a transformer whose weights are computed, not trained, so that what it answers is known beforehand.
#pragma once

#include <kvt/model/tokenizer.hpp>
#include <kvt/model/weights.hpp>

namespace kvt::inline KVT_ABI::model {

/// A model that looks a record up exactly. A prompt holds words, among them records `amber=otter` with distinct keys, and
/// ends in `find amber=`. The answer is `amber otter .`: the key is repeated without looking anything up, then the value
/// is fetched from the cache, so the second token is right if and only if the record is still in the cache of one KV head,
/// that of `lookup_layer` and `lookup_head`; otherwise it is `none`. The accuracy under a policy and a budget is thus the
/// probability that this head keeps the record.
///
/// Why it is exact: key and query words have one dimension each; a query scores its record 181, all else 0, and softmax
/// turns that into 1 and 0 without rounding. Every other query scores all entries 0 and looks at all of them evenly, so
/// what policies observe is known as well. Rotary positions turn the dimensions in use by less than 1e-30 (theta 1e300).
/// `none` is as strong as a value that 95 % of the attention falls on, so evenly spread attention never names a value as
/// long as at most 16 records share one.
struct construction {
    std::int32_t layers = 2;
    std::int32_t kv_heads = 2;
    std::int32_t group = 2;  ///< query heads for each KV head
    std::int32_t lookup_layer = 1;
    std::int32_t lookup_head = 1;  ///< KV head
    std::int32_t max_positions = 4096;
};
KVT_RECORD(construction, layers, kv_heads, group, lookup_layer, lookup_head, max_positions);

/// The model's sizes; throws `error{usage}` naming the field that makes no sense.
[[nodiscard]] shape constructed_shape(construction const& c);
/// Its parameters under their usual names, for instance to be written to a file.
[[nodiscard]] tensor::dense_set constructed_tensors(construction const& c);
[[nodiscard]] weights constructed_weights(construction const& c);

/// The words of text/lookup_words.hpp after `<pad> <bos> <eos> <unk>` and the full stop, in this order: keys, queries,
/// values, `none`, `find`, filler, records.
[[nodiscard]] word_tokenizer constructed_tokenizer();

}  // namespace kvt::inline KVT_ABI::model

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/model/detail/constructed.ipp>
#endif
