// recall: generated retrieval prompts, records with keys and values between filler and one question at the end.
#pragma once

#include <kvt/data/key_pool.hpp>
#include <kvt/data/source.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kvt::inline KVT_ABI::data {

/// The task of the shipped `recall` model: `the access code of the ADJ NOUN is D D D D .` between filler sentences, some of
/// which name a key without a code. The text is written as the model's tokens joined by single spaces, digits apart, so
/// that a decoded answer equals the gold one byte for byte. The context is the body, the question ends in the beginning of
/// its answer (RULER does the same):
///   one_key: `question : what is the access code of the A N ? answer : the access code of the A N is` -> `D D D D .`
///   two_key: `question : what are the access codes of the A N and the A N ? answer :` -> both sentences, joined by `and`
/// Example i is a pure function of the parameters and i (stream `recall|<i>`), so examples may be made in any order.
/// `meta` holds `evidence` (token spans of the asked records, `<bos>` at 0), `value` (spans of their digits),
/// `needle_depth` (0: the first asked record opens the body, 1: it closes it), `n_records`, `length` and `length_bin`.
struct recall {
    static constexpr std::string_view name = "recall";

    std::string dataset = "recall";
    std::string task = "one_key";                                  ///< or two_key
    std::vector<std::int64_t> lengths{128, 256, 512, 1024, 2048};  ///< of prompts, in the model's tokens with `<bos>`
    std::int64_t n_examples = 20;                                  ///< for each length
    double min_length_share = 0.85;  ///< a prompt is uniform in min_length_share * length .. length tokens long
    std::optional<std::int64_t> n_records{};  ///< absent: as many as the fill asks for
    std::int64_t records_min = 2;
    double fill_min = 0.15, fill_max = 0.6;  ///< the records' share of the body's tokens, uniform between
    std::optional<double> depth{};           ///< of the asked record, 0..1; absent: uniform
    key_pool keys = key_pool::mixed;
    double distractor_share = 0.15;  ///< of the filler sentences
    std::int64_t seed = 1;

    /// Lengths in order, `n_examples` of each. Throws `error{usage}` naming the parameter that is wrong.
    [[nodiscard]] std::vector<example> load(run_context& context) const;
    /// The example at one position of what `load` gives.
    [[nodiscard]] example make(std::int64_t index) const;
};
KVT_RECORD(recall, dataset, task, lengths, n_examples, min_length_share, n_records, records_min, fill_min, fill_max,
           depth, keys, distractor_share, seed);

}  // namespace kvt::inline KVT_ABI::data

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/data/detail/recall.ipp>
#endif
