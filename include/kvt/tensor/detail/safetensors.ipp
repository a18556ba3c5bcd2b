#pragma once

#include <kvt/core/error.hpp>
#include <kvt/tensor/dense.hpp>
#include <kvt/tensor/safetensors.hpp>

#include <simdjson.h>

#include <algorithm>
#include <cstring>

namespace kvt::inline KVT_ABI::tensor {
namespace detail {

/// Where the bytes came from, and how their faults are worded.
struct fault_site {
    std::string_view where;
    [[noreturn]] void refuse(std::string_view reason, std::string const& problem, std::string expected = {}) const {
        throw error{error_kind::malformed, std::string{where}, std::string{reason} + ": " + problem,
                    std::move(expected)};
    }
};

[[nodiscard]] inline std::string in_quotes(std::string_view name) {
    return '"' + std::string{name.substr(0, 200)} + '"';
}

/// No key twice in any object, compared after unescaping. The parser has bounded the nesting.
KVT_DECL void refuse_repeated_keys(simdjson::dom::element value, fault_site site) {
    if (value.is_array()) {
        for (auto item : value.get_array()) refuse_repeated_keys(item, site);
    } else if (value.is_object()) {
        std::vector<std::string_view> keys;
        for (auto [key, item] : value.get_object()) {
            keys.push_back(key);
            refuse_repeated_keys(item, site);
        }
        std::sort(keys.begin(), keys.end());
        auto const twice = std::adjacent_find(keys.begin(), keys.end());
        if (twice != keys.end()) site.refuse("duplicate_key", in_quotes(*twice) + " appears twice in one object");
    }
}

/// An array of non-negative integers; false where it is anything else.
[[nodiscard]] KVT_DECL bool read_naturals(simdjson::dom::element source, std::vector<std::uint64_t>& out) {
    if (!source.is_array()) return false;
    for (auto item : source.get_array()) {
        std::uint64_t value = 0;
        if (!(item.is_int64() || item.is_uint64()) || item.get_uint64().get(value) != simdjson::SUCCESS) return false;
        out.push_back(value);
    }
    return true;
}

/// One tensor's entry; `buffer` is the data behind the header.
struct entry_reader {
    fault_site site;
    std::span<std::byte const> buffer;

    [[nodiscard]] view read(std::string_view name, simdjson::dom::element entry) const {
        std::string const who = "tensor " + in_quotes(name);
        if (!entry.is_object()) site.refuse("bad_tensor_entry", who + " is not an object");
        simdjson::dom::element type, shape, offsets;
        auto const field = [&](char const* key, simdjson::dom::element& out) {
            if (entry[key].get(out) != simdjson::SUCCESS) site.refuse("missing_field", who + " has no \"" + key + '"');
        };
        field("dtype", type);
        field("shape", shape);
        field("data_offsets", offsets);
        view result;
        result.name = name;
        std::string_view spelling;
        auto const known =
            type.get_string().get(spelling) == simdjson::SUCCESS ? choice_of<element>(spelling) : std::nullopt;
        if (!known) site.refuse("unknown_dtype", who + " has dtype " + in_quotes(spelling));
        result.type = *known;
        std::uint64_t const size = read_shape(who, shape, result);
        read_bytes(who, offsets, size, result);
        return result;
    }

  private:
    /// Fills `result.shape` and returns how many bytes it takes.
    [[nodiscard]] std::uint64_t read_shape(std::string const& who, simdjson::dom::element source, view& result) const {
        std::vector<std::uint64_t> dimensions;
        if (!read_naturals(source, dimensions)) site.refuse("bad_shape", who, "a list of non-negative integers");
        std::uint64_t size = size_of(result.type);
        for (auto n : dimensions)
            if (n > 0x7FFFFFFFFFFFFFFFULL || __builtin_mul_overflow(size, n, &size))
                site.refuse("shape_overflow", who + " has more bytes than 64 bits can count");
        for (auto n : dimensions) result.shape.push_back(static_cast<std::int64_t>(n));
        return size;
    }
    void read_bytes(std::string const& who, simdjson::dom::element source, std::uint64_t size, view& result) const {
        std::vector<std::uint64_t> at;
        if (!read_naturals(source, at) || at.size() != 2 || at[0] > at[1])
            site.refuse("bad_offsets", who, "[begin, end] with 0 <= begin <= end");
        if (at[1] > buffer.size())
            site.refuse("offset_out_of_range", who + " ends at byte " + std::to_string(at[1]) + " of a buffer of " +
                                                   std::to_string(buffer.size()));
        if (at[1] - at[0] != size)
            site.refuse("size_mismatch",
                        who + " of " + std::string{name_of(result.type)} + to_string(result.shape) + " takes " +
                            std::to_string(at[1] - at[0]) + " bytes",
                        std::to_string(size));
        result.bytes = buffer.subspan(at[0], size);
    }
};

/// Sorted by begin, the tensors must lie side by side and fill the buffer.
KVT_DECL void check_cover(std::vector<view> const& tensors, std::span<std::byte const> buffer, fault_site site) {
    std::vector<view const*> order;
    order.reserve(tensors.size());
    for (auto const& t : tensors) order.push_back(&t);
    auto const begin = [&](view const* t) { return static_cast<std::size_t>(t->bytes.data() - buffer.data()); };
    std::sort(order.begin(), order.end(), [&](view const* a, view const* b) {
        return begin(a) != begin(b) ? begin(a) < begin(b) : a->bytes.size() < b->bytes.size();
    });
    std::size_t end = 0;
    for (auto const* t : order) {
        if (begin(t) != end)
            site.refuse("offsets_not_contiguous",
                        "tensor " + in_quotes(t->name) + " begins at byte " + std::to_string(begin(t)),
                        "byte " + std::to_string(end) + ", where the one before ends");
        end += t->bytes.size();
    }
    if (end != buffer.size())
        site.refuse("buffer_not_covered",
                    std::to_string(buffer.size() - end) + " bytes at the end belong to no tensor");
}

/// The length of the header, checked against the file.
[[nodiscard]] KVT_DECL std::size_t header_length(std::span<std::byte const> file, fault_site site) {
    if (file.size() < 8)
        site.refuse("header_too_small", std::to_string(file.size()) + " bytes", "8 bytes of header length");
    std::uint64_t length = 0;
    std::memcpy(&length, file.data(), 8);
    if (length > 100'000'000) site.refuse("header_too_large", std::to_string(length) + " bytes", "at most 100000000");
    if (length > file.size() - 8)
        site.refuse("header_length", "the header claims " + std::to_string(length) + " bytes of a file with " +
                                         std::to_string(file.size() - 8) + " behind the length");
    return static_cast<std::size_t>(length);
}

}  // namespace detail

KVT_DECL safetensors safetensors::open(std::string const& path) { return {mapped_file::open(path), path}; }
KVT_DECL safetensors safetensors::parse(std::vector<std::byte> bytes, std::string_view where) {
    return {mapped_file{std::move(bytes)}, where};
}

KVT_DECL safetensors::safetensors(mapped_file file, std::string_view where) : file_{std::move(file)} {
    detail::fault_site const site{where};
    std::size_t const length = detail::header_length(file_.bytes(), site);
    std::string_view const header{reinterpret_cast<char const*>(file_.bytes().data()) + 8, length};
    auto const buffer = file_.bytes().subspan(8 + length);
    if (!simdjson::validate_utf8(header.data(), header.size())) site.refuse("header_utf8", "the header is not UTF-8");
    if (header.empty() || header.front() != '{') site.refuse("header_start", "the header does not start with {");
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    auto code = parser.allocate(header.size(), 64);
    if (code == simdjson::SUCCESS) code = parser.parse(header.data(), header.size()).get(root);
    if (code != simdjson::SUCCESS) site.refuse("header_json", simdjson::error_message(code));
    detail::refuse_repeated_keys(root, site);
    simdjson::dom::element metadata;
    if (root["__metadata__"].get(metadata) == simdjson::SUCCESS) {
        if (!metadata.is_object()) site.refuse("bad_metadata", "__metadata__ is not an object");
        for (auto [key, value] : metadata.get_object()) {
            if (!value.is_string()) site.refuse("bad_metadata", detail::in_quotes(key) + " is not a string");
            metadata_.emplace(key, std::string_view{value.get_string()});
        }
    }
    detail::entry_reader const reader{site, buffer};
    for (auto [name, entry] : root.get_object())
        if (name != "__metadata__") tensors_.push_back(reader.read(name, entry));
    detail::check_cover(tensors_, buffer, site);
    std::sort(tensors_.begin(), tensors_.end(), [](view const& a, view const& b) { return a.name < b.name; });
}

KVT_DECL view const* safetensors::find(std::string_view name) const {
    auto const at = std::lower_bound(tensors_.begin(), tensors_.end(), name,
                                     [](view const& t, std::string_view wanted) { return t.name < wanted; });
    return at == tensors_.end() || at->name != name ? nullptr : &*at;
}

}  // namespace kvt::inline KVT_ABI::tensor
