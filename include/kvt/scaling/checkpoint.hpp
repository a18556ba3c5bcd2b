// checkpoint: a training run as one file, from which it goes on to the same bits.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/scaling/decoder.hpp>
#include <kvt/scaling/train_step.hpp>

#include <span>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::scaling {

/// Writes parameters (`model.<name>`), the optimizer's memory (`<memory>.<name>`) and, in the metadata, its steps and
/// `state`. The file takes its name when it is whole, so that a run killed at any moment has its last checkpoint.
/// Throws `error{io}`.
void save_checkpoint(std::string const& path, decoder<float> const& model, optimizer_state<float> const& memory,
                     std::span<std::string_view const> memory_names, json const& state);

/// Reads such a file into a model and memory of the right sizes and returns the state; nothing is changed where it throws.
/// Throws `error{missing|io|malformed}` for a file that cannot be read, `error{mismatch}` naming the tensor that is missing
/// or has another shape or type.
[[nodiscard]] json load_checkpoint(std::string const& path, decoder<float>& model, optimizer_state<float>& memory,
                                   std::span<std::string_view const> memory_names);

/// What `load_checkpoint` answers, without a look at the tensors.
[[nodiscard]] json checkpoint_state(std::string const& path);

/// Reads weights under the model's own names from a safetensors file (F32, F16 or BF16). Throws as `load_checkpoint`.
void load_weights(std::string const& path, decoder<float>& model);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/checkpoint.ipp>
#endif
