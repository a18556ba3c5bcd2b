// export_model: trained weights as the folder an engine reads.
#pragma once

#include <kvt/scaling/decoder_job.hpp>

#include <map>

namespace kvt::inline KVT_ABI::scaling {

/// Writes model.safetensors (of `type`, with `metadata`) and config.json, and where they are given tokenizer.json and
/// generation.json. Returns the files' paths. The config is the engine's own for decoders named as it names them, else
/// the record of the shape. Throws `error{missing|io}`.
std::vector<std::string> export_model(decoder<float> const& model, exported_model const& how, std::string const& folder,
                                      std::map<std::string, std::string> const& metadata);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/export_model.ipp>
#endif
