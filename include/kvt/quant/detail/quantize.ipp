#pragma once

#include <kvt/quant/quantize.hpp>

#include <algorithm>
#include <mutex>

namespace kvt::inline KVT_ABI::quant {

KVT_DECL std::vector<layer> detail::quantize_layers(run_context& context, model_source const& source,
                                                    layer_rule const& rule,
                                                    function_view<std::vector<value_range>(std::size_t)> ranges) {
    rule.check();
    auto const& tensors = source.tensors();
    std::vector<layer> out(tensors.size());
    auto progress = context.progress.begin("quantize", tensors.size(), "tensors");
    std::mutex advancing;
    auto const one = [&](std::size_t i) {
        source.begin(*tensors[i]);
        out[i] = quantize_layer(*tensors[i], rule, source.path(), ranges(i));
        source.end(*tensors[i]);
        std::lock_guard const lock{advancing};
        progress.note(tensors[i]->name);
        progress.advance();
    };
    auto const stopped = [&] { return context.stop_requested(); };
    auto const* threads = context.find<exec::any_executor>();
    bool const all = threads != nullptr ? threads->parallel_for(tensors.size(), one, stopped)
                                        : exec::inline_executor{}.parallel_for(tensors.size(), one, stopped);
    if (!all) throw error{error_kind::work, source.path(), "stopped before every tensor was quantized"};
    if (std::ranges::all_of(out, [](layer const& l) { return l.status == layer_status::passthrough; }))
        throw quant_error{fault::no_quantizable_tensors, source.path(),
                          "no tensor has as many elements as there are time groups",
                          std::to_string(rule.cut.time_groups) + " elements in some tensor, or fewer time groups"};
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
