// What the readers of containers promise for any bytes: an error of kvt's own, or tensors that lie within the bytes.
#pragma once

#include <kvt/core/error.hpp>
#include <kvt/quant/packed_model.hpp>
#include <kvt/tensor/shard_index.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

inline void keep(bool kept, char const* what) {
    if (kept) return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

inline std::vector<std::byte> copy_of(std::string_view text) {
    std::vector<std::byte> bytes(text.size());
    if (!text.empty()) std::memcpy(bytes.data(), text.data(), text.size());
    return bytes;
}

/// Whether bytes are a container; if so, its tensors cover them without a gap, once.
inline bool container(std::string_view text) {
    using namespace kvt::tensor;
    try {
        auto const file = safetensors::parse(copy_of(text), "bytes");
        std::uint64_t header = 0, total = 0;
        std::memcpy(&header, file.file_bytes().data(), 8);
        for (std::size_t i = 0; i < file.tensors().size(); ++i) {
            auto const& t = file.tensors()[i];
            keep(i == 0 || file.tensors()[i - 1].name < t.name, "names are in order and differ");
            keep(file.find(t.name) == &t, "tensors are found by name");
            auto const begin = t.bytes.empty() ? file.file_bytes().data() : t.bytes.data();
            keep(begin >= file.file_bytes().data() &&
                     begin + t.bytes.size() <= file.file_bytes().data() + file.file_bytes().size(),
                 "tensors lie within the file");
            std::uint64_t elements = 1;
            for (auto const n : t.shape) elements *= static_cast<std::uint64_t>(n);
            keep(elements == t.count(), "a shape has as many elements as there are");
            total += t.bytes.size();
            if (has_floats(t.type)) keep(to_floats(t).size() == t.count(), "floats are read");
        }
        keep(8 + header + total == text.size(), "tensors and header are the file");
        return true;
    } catch (kvt::error const& e) {
        keep(e.kind() == kvt::error_kind::malformed, "what is no container is malformed");
        keep(std::string_view{e.what()}.find('\n') == std::string_view::npos, "errors are one line");
        return false;
    }
}

/// Whether bytes are a packed model; if so, all of it can be decoded.
inline bool packed(std::string_view text) {
    try {
        auto const model = kvt::quant::packed_model::parse(copy_of(text), "bytes");
        for (auto const& [name, layout] : model.packed()) {
            keep(layout.elements() <= 4 * text.size(), "no more elements than bytes can hold");
            std::vector<float> values(layout.elements());
            model.read(name).decode(0, values);
        }
        return true;
    } catch (kvt::error const& e) {
        keep(e.exit_code() == 2, "what is no packed model is bad input");
        return false;
    }
}

/// Whether text is an index of shards; if so, none of its shards lies in another folder.
inline bool shard_index(std::string_view text) {
    try {
        auto const index = kvt::tensor::parse_shard_index(text, "index");
        for (auto const& [shard, names] : index.shards) {
            keep(!shard.empty() && shard != "." && shard != ".." && shard.find('/') == shard.npos &&
                     shard.find('\0') == shard.npos,
                 "shards lie beside the index");
            keep(!names.empty(), "a shard has tensors");
        }
        return true;
    } catch (kvt::error const& e) {
        keep(e.kind() == kvt::error_kind::malformed, "what is no index is malformed");
        return false;
    }
}

}  // namespace fuzz
