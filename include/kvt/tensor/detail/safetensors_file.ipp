#pragma once

#include <kvt/core/json.hpp>
#include <kvt/tensor/dense.hpp>
#include <kvt/tensor/safetensors_file.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace kvt::inline KVT_ABI::tensor {
namespace detail {

[[nodiscard]] KVT_DECL std::uint64_t planned_bytes(tensor_plan const& plan, std::string const& path) {
    std::uint64_t size = size_of(plan.type);
    for (auto const n : plan.shape)
        if (n < 0 || __builtin_mul_overflow(size, static_cast<std::uint64_t>(n), &size))
            throw error{error_kind::usage, path, plan.name + " cannot have the shape " + to_string(plan.shape)};
    return size;
}

[[noreturn]] KVT_DECL void refuse_writing(std::string const& path, int code) {
    throw error{error_kind::io, path, std::string{"cannot be written ("} + std::strerror(code) + ")"};
}

}  // namespace detail

KVT_DECL safetensors_file::safetensors_file(std::string path, std::vector<tensor_plan> tensors,
                                            std::map<std::string, std::string> const& metadata)
    : path_{std::move(path)} {
    std::ranges::sort(tensors, [](tensor_plan const& a, tensor_plan const& b) {
        return size_of(a.type) != size_of(b.type) ? size_of(a.type) > size_of(b.type) : a.name < b.name;
    });
    json header{json::object{}};
    if (!metadata.empty()) {
        json pairs;
        for (auto const& [key, value] : metadata) pairs[key] = value;
        header["__metadata__"] = std::move(pairs);
    }
    std::uint64_t end = 0;
    for (auto const& plan : tensors) {
        auto const size = detail::planned_bytes(plan, path_), begin = end;
        if (plan.name == "__metadata__" || places_.contains(plan.name))
            throw error{error_kind::usage, path_, "two tensors cannot be called " + plan.name, "names of their own"};
        if (__builtin_add_overflow(end, size, &end) || end > INT64_MAX / 2)
            throw error{error_kind::usage, path_, "is larger than a file can be"};
        places_[plan.name] = {begin, size, 0};
        header.members().emplace_back(plan.name, json::of({{"dtype", name_of(plan.type)},
                                                           {"shape", json::array(plan.shape.begin(), plan.shape.end())},
                                                           {"data_offsets", json::list({begin, end})}}));
    }
    std::string text = dump(header);
    text.append((8 - text.size() % 8) % 8, ' ');
    file_ = whole_file{path_};
    std::uint64_t const length = text.size();
    put(0, &length, 8);
    put(8, text.data(), text.size());
    if (::ftruncate(file_.descriptor(), static_cast<off_t>(8 + length + end)) != 0)
        detail::refuse_writing(path_, errno);
    for (auto& [name, at] : places_) at.begin += 8 + text.size();
}

KVT_DECL void safetensors_file::put(std::uint64_t at, void const* bytes, std::size_t size) {
    for (auto const* from = static_cast<char const*>(bytes); size > 0;) {
        auto const n = ::pwrite(file_.descriptor(), from, size, static_cast<off_t>(at));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) detail::refuse_writing(path_, n < 0 ? errno : ENOSPC);
        from += n, at += static_cast<std::uint64_t>(n), size -= static_cast<std::size_t>(n);
    }
}

KVT_DECL void safetensors_file::write(std::string_view name, std::uint64_t first, std::span<std::byte const> bytes) {
    auto const at = places_.find(name);
    if (at == places_.end()) throw error{error_kind::usage, path_, "has no tensor " + std::string{name}};
    auto& there = at->second;
    if (first > there.size || there.size - first < bytes.size())
        throw error{error_kind::usage, path_, at->first + " has room for " + std::to_string(there.size) + " bytes"};
    put(there.begin + first, bytes.data(), bytes.size());
    there.written += bytes.size();
}

KVT_DECL void safetensors_file::finish() {
    for (auto const& [name, there] : places_)
        if (there.written != there.size)
            throw error{error_kind::usage, path_, name + " has " + std::to_string(there.written) + " bytes",
                        std::to_string(there.size)};
    file_.finish();
}

}  // namespace kvt::inline KVT_ABI::tensor
