#pragma once

#include <kvt/scaling/plan.hpp>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL planned plan::operator()(run_context& context, start) const {
    planned out{grid(), path};
    rates.apply(out.sweep);
    if (!path.empty()) {
        write_sweep(path, out.sweep);
        context.wrote(path);
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
