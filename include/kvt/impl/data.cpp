// The definitions of kvt/data, compiled once.
#include <kvt/data/detail/binning.ipp>
#include <kvt/data/detail/canonical.ipp>
#include <kvt/data/detail/constructed_lookup.ipp>
#include <kvt/data/detail/example.ipp>
#include <kvt/data/detail/fixed_bins.ipp>
#include <kvt/data/detail/jsonl.ipp>
#include <kvt/data/detail/load.ipp>
#include <kvt/data/detail/longbench.ipp>
#include <kvt/data/detail/manifest.ipp>
#include <kvt/data/detail/recall.ipp>
#include <kvt/data/detail/recall_sequences.ipp>
#include <kvt/data/detail/sampling.ipp>
#include <kvt/data/detail/sampling_settings.ipp>
#include <kvt/data/detail/tokenizer.ipp>
