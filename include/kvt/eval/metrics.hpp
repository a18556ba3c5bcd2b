// The metrics that configuration can name.
#pragma once

#include <kvt/core/registry.hpp>
#include <kvt/eval/exact_match.hpp>
#include <kvt/eval/token_f1.hpp>

namespace kvt::inline KVT_ABI::eval {

/// Extended by `using mine = eval::metrics::with<"my_metric", my_metric>;`
using metrics = registry<entry<"f1", token_f1>, entry<"em", exact_match>, entry<"same_text", same_text>>;

}  // namespace kvt::inline KVT_ABI::eval
