// structured_start: initial weights that lean towards looking records up, so that training finds it sooner.
#pragma once

#include <kvt/scaling/decoder.hpp>

namespace kvt::inline KVT_ABI::scaling {

/// The recall model's start: noise, and on it heads that look back a few tokens in the first layer, queries that resemble
/// their keys in the others, and outputs that copy values in all. Nothing is solved by it: retrieval is at chance, every
/// weight is trained. For decoders named as the engine's (`parameter_naming::llama`).
struct structured_start {
    double embedding_std = 0.05;
    double constant = 0.04;        ///< a direction that every embedding shares, times sqrt(d_model); 0: no look-back
    double look_back = 0.8;        ///< of that direction in the first layer's queries and keys
    double look_back_noise = 0.5;  ///< what their noise is multiplied with
    double matching = 0.7;         ///< of its group's keys in each query head, from the second layer on
    double copying = 0.5;          ///< of its group's values in each head's output, shared among the group's heads

    /// Throws `error{usage}` naming the field that is out of range.
    void check() const;
    /// Sets all parameters. Head h of the first layer looks h + 1 tokens back. A pure function of the fields, the shape and
    /// the seed. Throws `error{usage}` for another naming.
    void operator()(decoder<float>& model, std::int64_t seed) const;
};
KVT_RECORD(structured_start, embedding_std, constant, look_back, look_back_noise, matching, copying);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/structured_start.ipp>
#endif
