#pragma once

#include <kvt/core/json.hpp>
#include <kvt/tensor/dense.hpp>
#include <kvt/tensor/safetensors_file.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
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
    std::error_code status;
    auto const folder = std::filesystem::path{path_}.parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder, status);
    if (status) refuse(status.value());
    beside_ = path_ + ".part" + std::to_string(::getpid());
    descriptor_ = ::open(beside_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor_ < 0) refuse(errno);
    try {
        std::uint64_t const length = text.size();
        put(0, &length, 8);
        put(8, text.data(), text.size());
        if (::ftruncate(descriptor_, static_cast<off_t>(8 + length + end)) != 0) refuse(errno);
    } catch (...) {
        ::close(descriptor_);
        ::unlink(beside_.c_str());
        throw;
    }
    for (auto& [name, at] : places_) at.begin += 8 + text.size();
}

KVT_DECL safetensors_file::~safetensors_file() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(beside_.c_str());
}

KVT_DECL void safetensors_file::refuse(int code) const {
    throw error{error_kind::io, path_, std::string{"cannot be written ("} + std::strerror(code) + ")"};
}

KVT_DECL void safetensors_file::put(std::uint64_t at, void const* bytes, std::size_t size) {
    for (auto const* from = static_cast<char const*>(bytes); size > 0;) {
        auto const n = ::pwrite(descriptor_, from, size, static_cast<off_t>(at));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) refuse(n < 0 ? errno : ENOSPC);
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
    if (::fsync(descriptor_) != 0) refuse(errno);
    int const closed = ::close(std::exchange(descriptor_, -1)), code = errno;
    if (closed != 0 || ::rename(beside_.c_str(), path_.c_str()) != 0) {
        int const problem = closed != 0 ? code : errno;
        ::unlink(beside_.c_str());
        refuse(problem);
    }
}

}  // namespace kvt::inline KVT_ABI::tensor
