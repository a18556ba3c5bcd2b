// constructed_lookup: prompts for the constructed model, of exact lengths and with the asked record at a known place.
#pragma once

#include <kvt/data/source.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::data {

/// Records `key=value` with distinct keys among filler words, then `find key=`; the gold answer is `key value`. Every
/// prompt is exactly as long as asked for, so that what a policy keeps of it can be computed (cache/calibration.hpp).
/// The asked record stands at a position drawn uniformly from the context's (1 .. length - 3; `<bos>` is at 0), the others
/// anywhere else. Values are dealt out evenly. Example i is a pure function of the parameters and i (stream
/// `lookup|<i>`). `meta` holds `evidence` (the record's token span), `needle_depth`, `n_records`, `length`.
struct constructed_lookup {
    static constexpr std::string_view name = "constructed_lookup";
    static constexpr std::int64_t question_tokens = 2;

    std::string dataset = "constructed";
    std::string task = "lookup";
    std::vector<std::int64_t> lengths{64, 128, 256, 512, 1024};  ///< of prompts, in tokens with `<bos>`
    std::int64_t n_examples = 20;                                ///< for each length
    std::int64_t n_records = 16;                                 ///< 1..32; fewer where they do not fit
    std::optional<double> depth{};                               ///< of the asked record, 0..1; absent: uniform
    std::int64_t seed = 1;

    /// Lengths in order, `n_examples` of each. Throws `error{usage}` naming the parameter that is wrong.
    [[nodiscard]] std::vector<example> load(run_context& context) const;
    /// The example at one position of what `load` gives.
    [[nodiscard]] example make(std::int64_t index) const;
};
KVT_RECORD(constructed_lookup, dataset, task, lengths, n_examples, n_records, depth, seed);

}  // namespace kvt::inline KVT_ABI::data

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/data/detail/constructed_lookup.ipp>
#endif
