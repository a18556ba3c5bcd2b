// The estimators that a program can name.
#pragma once

#include <kvt/core/registry.hpp>
#include <kvt/trace/iterative.hpp>

namespace kvt::inline KVT_ABI::trace {

/// A program of one's own adds to it: `using mine = trace::estimators::with<"my_rule", my_rule>;`
using estimators = registry<entry<"baseline", baseline>, entry<"iterative", iterative>>;

}  // namespace kvt::inline KVT_ABI::trace
