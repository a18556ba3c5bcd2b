#pragma once

#include <kvt/core/hash.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/tensor/archive.hpp>
#include <kvt/tensor/detail/safetensors.ipp>
#include <kvt/tensor/shard_index.hpp>

#include <algorithm>
#include <filesystem>

namespace kvt::inline KVT_ABI::tensor {
namespace detail {

inline constexpr std::string_view index_ending = ".safetensors.index.json";

}  // namespace detail

KVT_DECL archive archive::open(std::string const& path) {
    archive result;
    if (path.ends_with(detail::index_ending)) {
        result.open_index(path);
        return result;
    }
    result.files_.push_back(safetensors::open(path));
    for (auto const& t : result.files_.front().tensors()) result.tensors_.push_back(&t);
    return result;
}

KVT_DECL void archive::open_index(std::string const& path) {
    detail::fault_site const site{path};
    auto const index = parse_shard_index(read_file(path), path);
    auto const folder = std::filesystem::path{path}.parent_path();
    files_.reserve(index.shards.size());  // views point into the files
    std::uint64_t total = 0;
    for (auto const& [shard, names] : index.shards) {
        auto const shard_path = (folder / shard).string();
        if (!file_exists(shard_path))
            throw error{error_kind::missing, path, "missing_shard: " + detail::in_quotes(shard)};
        auto const& file = files_.emplace_back(safetensors::open(shard_path));
        for (auto const& name : names)
            if (file.find(name) == nullptr)
                site.refuse("tensor_not_in_shard", detail::in_quotes(name) + " is not in " + detail::in_quotes(shard));
        for (auto const& t : file.tensors()) {
            if (!names.contains(t.name))
                site.refuse("tensor_not_in_index",
                            detail::in_quotes(t.name) + " of " + detail::in_quotes(shard) + " is not mapped to it");
            tensors_.push_back(&t);
            total += t.bytes.size();
        }
    }
    if (index.total_size && *index.total_size != total)
        warnings_.push_back(path + ": metadata.total_size says " + std::to_string(*index.total_size) +
                            " bytes, the tensors have " + std::to_string(total));
}

KVT_DECL view const* archive::find(std::string_view name) const {
    for (auto const& file : files_)
        if (auto const* found = file.find(name)) return found;
    return nullptr;
}

KVT_DECL std::string archive::hash() const {
    sha256_stream stream;
    for (auto const& file : files_)
        stream.update({reinterpret_cast<char const*>(file.file_bytes().data()), file.file_bytes().size()});
    return stream.hex();
}

KVT_DECL std::string resolve_model(std::string const& path) {
    namespace fs = std::filesystem;
    std::error_code status;
    if (!fs::is_directory(path, status)) {
        if (!fs::exists(path, status))
            throw error{error_kind::missing, path, "model_not_found: no such file or folder"};
        return path;
    }
    std::vector<std::string> indexes, singles;
    for (auto const& item : fs::directory_iterator{path, status}) {
        auto const name = item.path().filename().string();
        if (name.ends_with(detail::index_ending)) indexes.push_back(name);
        else if (name.ends_with(".safetensors")) singles.push_back(name);
    }
    if (status) throw error{error_kind::io, path, "cannot be listed (" + status.message() + ")"};
    auto& candidates = indexes.empty() ? singles : indexes;
    if (candidates.empty())
        throw error{error_kind::missing, path, "model_not_found: the folder holds no safetensors", "model.safetensors"};
    std::sort(candidates.begin(), candidates.end());
    if (candidates.size() > 1) {
        std::string names;
        for (auto const& c : candidates) names += (names.empty() ? "" : ", ") + c;
        throw error{error_kind::usage, path, "ambiguous_model: " + names, "one of these files"};
    }
    return (fs::path{path} / candidates.front()).string();
}

}  // namespace kvt::inline KVT_ABI::tensor
