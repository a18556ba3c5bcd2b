#pragma once

#include <kvt/quant/entropy.hpp>
#include <kvt/quant/suggest_widths.hpp>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL void detail::weigh_entropies(run_context& context, model_source const& source, std::vector<layer>& layers) {
    auto const& tensors = source.tensors();
    auto const one = [&](std::size_t i) {
        source.begin(*tensors[i]);
        layers[i].entropy = normalized_entropy(tensor::to_floats(*tensors[i]));
        source.end(*tensors[i]);
    };
    auto const stopped = [&] { return context.stop_requested(); };
    auto const* threads = context.find<exec::any_executor>();
    bool const all = threads != nullptr ? threads->parallel_for(tensors.size(), one, stopped)
                                        : exec::inline_executor{}.parallel_for(tensors.size(), one, stopped);
    if (!all) throw error{error_kind::work, source.path(), "stopped before every tensor's entropy was known"};
}

}  // namespace kvt::inline KVT_ABI::quant
