// token_sources: the registry of training data.
#pragma once

#include <kvt/core/registry.hpp>
#include <kvt/scaling/generated_data.hpp>
#include <kvt/scaling/recall_data.hpp>
#include <kvt/scaling/text_data.hpp>
#include <kvt/scaling/token_data.hpp>

namespace kvt::inline KVT_ABI::scaling {

/// Training data by name; `with<"mine", my_data>` adds one.
using token_sources = registry<entry<"recall", recall_data>, entry<"text", text_data>, entry<"tokens", token_data>,
                               entry<"generated", generated_data>>;

}  // namespace kvt::inline KVT_ABI::scaling
