// line_allocator: memory on cache-line boundaries, for std::vector.
#pragma once

#include <kvt/version.hpp>

#include <cstddef>
#include <new>
#include <vector>

namespace kvt::inline KVT_ABI {

template <class T> struct line_allocator {
    using value_type = T;
    line_allocator() = default;
    template <class U> line_allocator(line_allocator<U> const&) {}  // NOLINT(google-explicit-constructor)
    T* allocate(std::size_t n) { return static_cast<T*>(::operator new (n * sizeof(T), std::align_val_t{64})); }
    void deallocate(T* p, std::size_t) { ::operator delete (p, std::align_val_t{64}); }
    friend bool operator==(line_allocator const&, line_allocator const&) { return true; }
};

/// A vector whose first element begins a cache line.
template <class T> using line_vector = std::vector<T, line_allocator<T>>;

}  // namespace kvt::inline KVT_ABI
