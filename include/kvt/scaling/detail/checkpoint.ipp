#pragma once

#include <kvt/scaling/checkpoint.hpp>
#include <kvt/tensor/dense.hpp>
#include <kvt/tensor/safetensors.hpp>
#include <kvt/tensor/safetensors_file.hpp>

#include <algorithm>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

inline std::vector<std::int64_t> shape_of(parameter const& p) {
    return p.dimensions == 1 ? std::vector<std::int64_t>{p.columns} : std::vector<std::int64_t>{p.rows, p.columns};
}

/// The floats of a tensor that has to be there.
inline std::vector<float> stored(tensor::safetensors const& file, std::string const& path, std::string const& name,
                                 parameter const& p) {
    auto const* found = file.find(name);
    if (found == nullptr) throw error{error_kind::mismatch, path, "has no tensor " + name};
    if (auto const shape = shape_of(p); found->shape != shape)
        throw error{error_kind::mismatch, path, name + " has the shape " + tensor::to_string(found->shape),
                    tensor::to_string(shape)};
    return tensor::to_floats(*found);
}

inline void read_parameters(tensor::safetensors const& file, std::string const& path, std::string const& prefix,
                            std::span<parameter const> tensors, std::span<float> to) {
    for (auto const& p : tensors) {
        auto const values = stored(file, path, prefix + p.name, p);
        std::ranges::copy(values, p.of(to).begin());
    }
}

}  // namespace detail

KVT_DECL void save_checkpoint(std::string const& path, decoder<float> const& model,
                              optimizer_state<float> const& memory, std::span<std::string_view const> memory_names,
                              json const& state) {
    auto const with = [](std::string_view prefix, std::string const& name) { return std::string{prefix} + "." + name; };
    std::vector<tensor::tensor_plan> plan;
    for (auto const& p : model.tensors()) {
        plan.push_back({with("model", p.name), tensor::element::f32, detail::shape_of(p)});
        for (auto const name : memory_names)
            plan.push_back({with(name, p.name), tensor::element::f32, detail::shape_of(p)});
    }
    tensor::safetensors_file file{
        path,
        std::move(plan),
        {{"format", "kvt-checkpoint/1"}, {"steps", std::to_string(memory.steps)}, {"state", dump(state)}}};
    for (auto const& p : model.tensors()) {
        file.write(with("model", p.name), 0, std::as_bytes(p.of(model.parameters())));
        for (std::size_t i = 0; i < memory_names.size(); ++i)
            file.write(with(memory_names[i], p.name), 0, std::as_bytes(p.of(std::span{memory.memory.at(i)})));
    }
    file.finish();
}

namespace detail {

inline std::string const& said_in(tensor::safetensors const& file, std::string const& path, char const* key) {
    auto const found = file.metadata().find(key);
    if (found == file.metadata().end())
        throw error{error_kind::mismatch, path, std::string{"has no "} + key + " in its metadata",
                    "a checkpoint that kvt wrote"};
    return found->second;
}
inline json state_in(tensor::safetensors const& file, std::string const& path) {
    if (auto const& format = said_in(file, path, "format"); format != "kvt-checkpoint/1")
        throw error{error_kind::mismatch, path, "is a checkpoint of format " + format, "kvt-checkpoint/1"};
    return parse_json(said_in(file, path, "state"), path);
}

}  // namespace detail

KVT_DECL json checkpoint_state(std::string const& path) {
    return detail::state_in(tensor::safetensors::open(path), path);
}

KVT_DECL json load_checkpoint(std::string const& path, decoder<float>& model, optimizer_state<float>& memory,
                              std::span<std::string_view const> memory_names) {
    auto const file = tensor::safetensors::open(path);
    auto state = detail::state_in(file, path);
    std::vector<float> parameters(model.parameters().size());
    optimizer_state<float> kept{parse_json(detail::said_in(file, path, "steps"), path).integer(), {}};
    detail::read_parameters(file, path, "model.", model.tensors(), parameters);
    for (auto const name : memory_names)
        detail::read_parameters(file, path, std::string{name} + ".", model.tensors(),
                                kept.memory.emplace_back(parameters.size()));
    std::ranges::copy(parameters, model.parameters().begin());
    memory = std::move(kept);
    return state;
}

KVT_DECL void load_weights(std::string const& path, decoder<float>& model) {
    auto const file = tensor::safetensors::open(path);
    std::vector<float> parameters(model.parameters().size());
    detail::read_parameters(file, path, "", model.tensors(), parameters);
    std::ranges::copy(parameters, model.parameters().begin());
}

}  // namespace kvt::inline KVT_ABI::scaling
