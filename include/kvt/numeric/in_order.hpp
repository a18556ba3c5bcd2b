// The plain executor, for where turns may but need not run at once.
#pragma once

#include <kvt/version.hpp>

#include <cstddef>

namespace kvt::inline KVT_ABI::numeric {

/// One turn after another. Where an executor is asked for, anything of exec/executor.hpp serves.
struct in_order {
    template <class F> void parallel_for(std::size_t n, F const& f) const {
        for (std::size_t i = 0; i < n; ++i) f(i);
    }
};

}  // namespace kvt::inline KVT_ABI::numeric
