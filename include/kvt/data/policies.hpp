// What configuration can name of this folder: sources, token counters and binnings.
#pragma once

#include <kvt/core/registry.hpp>
#include <kvt/data/constructed_lookup.hpp>
#include <kvt/data/fixed_bins.hpp>
#include <kvt/data/jsonl_file.hpp>
#include <kvt/data/longbench.hpp>
#include <kvt/data/recall.hpp>
#include <kvt/data/ruler.hpp>
#include <kvt/data/word_tokenizer.hpp>

namespace kvt::inline KVT_ABI::data {

/// `dataset.source`.
using sources = registry<entry<"longbench", longbench>, entry<"ruler", ruler>, entry<"recall", recall>,
                         entry<"constructed_lookup", constructed_lookup>, entry<"jsonl", jsonl_file>>;
/// `tokenizer.mode`.
using tokenizers = registry<entry<"approx_v1", approx_tokenizer>, entry<"approx_v2", approx_cjk_tokenizer>,
                            entry<"word", word_tokenizer>>;
/// `binning.type`.
using binnings = registry<entry<"quantile", quantile_bins>, entry<"fixed", fixed_bins>>;

}  // namespace kvt::inline KVT_ABI::data
