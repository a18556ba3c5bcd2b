#pragma once

#include <kvt/core/error.hpp>
#include <kvt/core/printable.hpp>

#include <utility>

namespace kvt::inline KVT_ABI {

KVT_DECL error::error(error_kind kind, std::string where, std::string problem, std::string expected)
    : kind_{kind}, where_{std::move(where)}, problem_{std::move(problem)}, expected_{std::move(expected)},
      line_{where_.empty() ? problem_ : where_ + ": " + problem_} {
    if (!expected_.empty()) line_ += "; expected " + expected_;
    line_ = printable(line_);
}

}  // namespace kvt::inline KVT_ABI
