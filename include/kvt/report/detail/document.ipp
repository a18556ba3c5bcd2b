#pragma once

#include <kvt/report/document.hpp>

#include <utility>

namespace kvt::inline KVT_ABI::report {

KVT_DECL document& document::add(block b) {
    blocks.push_back(std::move(b));
    return *this;
}

}  // namespace kvt::inline KVT_ABI::report
