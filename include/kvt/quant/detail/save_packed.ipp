#pragma once

#include <kvt/quant/pack.hpp>
#include <kvt/quant/save_packed.hpp>

namespace kvt::inline KVT_ABI::quant::detail {

/// The codes of a layer whose errors are known: from its ranges, or from those of its runs.
KVT_DECL void code_again(tensor::view const& tensor, layer const& known, layer_rule const& rule, tensor_codes& out) {
    if (rule.cut.group_size) {
        quantize_tensor(tensor, rule.codes, rule.cut, rule.parameter_bytes, pass_output::codes, out);
        return;
    }
    out.parameters = known.parameters;
    out.codes.assign(packed_bytes(tensor.count(), rule.codes.grid.bits), 0);
    (void)code_groups(tensor, rule.cut.time_bounds(tensor.count()), out.parameters, rule.codes.grid, pass_output::codes,
                      out.codes);
}

KVT_DECL void save_packed(run_context& context, model_source const& source, std::vector<layer> const& layers,
                          layer_rule const& rule, packed_layout const& layout, std::string const& path) {
    packed_plan plan;
    auto const& tensors = source.tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (layers[i].status == layer_status::passthrough) {
            plan.pass(*tensors[i]);
            continue;
        }
        auto one = layout;
        one.shape = tensors[i]->shape, one.type = tensors[i]->type;
        plan.packed.emplace(tensors[i]->name, std::move(one));
    }
    std::vector<tensor::view const*> others;
    for (auto const& skipped : source.skipped()) others.push_back(source.archive().find(skipped.name));
    for (auto const* t : others) plan.pass(*t);

    packed_writer file{path, std::move(plan)};
    auto progress = context.progress.begin("write " + path, tensors.size(), "tensors");
    tensor_codes coded;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (context.stop_requested()) throw error{error_kind::work, path, "stopped before every tensor was written"};
        source.begin(*tensors[i]);
        if (layers[i].status == layer_status::passthrough) {
            file.pass(*tensors[i]);
        } else {
            code_again(*tensors[i], layers[i], rule, coded);
            file.put(tensors[i]->name, coded.parameters, coded.codes);
        }
        source.end(*tensors[i]);
        progress.advance();
    }
    for (auto const* t : others) file.pass(*t);
    file.finish();
    context.wrote(path);
}

}  // namespace kvt::inline KVT_ABI::quant::detail
