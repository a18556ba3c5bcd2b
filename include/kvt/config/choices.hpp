// The words a configuration may choose from, where the set is closed.
#pragma once

#include <kvt/core/record.hpp>

namespace kvt::inline KVT_ABI::config {

/// Repeated example ids: an error, or the k-th repetition gets `#k`.
enum class duplicates : std::uint8_t { error, suffix };
KVT_CHOICE(duplicates, "error", "suffix");

/// `uniform`: the same number of entries in every bin. `focus_transition`: more around the focus bins.
enum class sampling_strategy : std::uint8_t { uniform, focus_transition };
KVT_CHOICE(sampling_strategy, "uniform", "focus_transition");

/// Which endpoint is asked: messages under the server's chat template, or one text to continue.
enum class engine_api : std::uint8_t { chat, completions };
KVT_CHOICE(engine_api, "chat", "completions");

/// When the budget binds: once after the prompt, at every step, or as a fraction of all tokens so far.
enum class kv_mode : std::uint8_t { prompt, capped, ratio_tracking };
KVT_CHOICE(kv_mode, "prompt", "capped", "ratio_tracking");

/// Whether the policy sees the question when it chooses.
enum class kv_question : std::uint8_t { query_aware, query_agnostic };
KVT_CHOICE(kv_question, "query_aware", "query_agnostic");

/// kvt's own generator, or the reference's exact stream.
enum class random_source : std::uint8_t { kvt, mt19937 };
KVT_CHOICE(random_source, "kvt", "mt19937");

/// Which score is called accuracy.
enum class primary_metric : std::uint8_t { f1, em, longbench };
KVT_CHOICE(primary_metric, "f1", "em", "longbench");

/// Overlap of repeated words in F1: by distinct words, or by counts.
enum class token_overlap : std::uint8_t { set, multiset };
KVT_CHOICE(token_overlap, "set", "multiset");

}  // namespace kvt::inline KVT_ABI::config
