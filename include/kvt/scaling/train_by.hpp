// train_by: a sweep trained as settings say.
#pragma once

#include <kvt/scaling/decoder_training.hpp>
#include <kvt/scaling/settings.hpp>

namespace kvt::inline KVT_ABI::scaling {

/// What `local` training makes of settings. Throws `error` naming the key that is out of range or missing.
[[nodiscard]] decoder_training<> local_training(trainer_settings const& settings);

/// Trains for real (`local`) or takes losses from a known surface (`mock`), on the context's executor.
[[nodiscard]] trained train_by(trainer_settings const& settings, run_context& context, planned const& sweep);

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/train_by.ipp>
#endif
