// kvt: how small can a KV cache get before answers break.
// Distributed under the Boost Software License, Version 1.0 (see LICENSE).
#pragma once

/// The version of the headers; the build files read it from here.
#define KVT_VERSION_MAJOR 0
#define KVT_VERSION_MINOR 1
#define KVT_VERSION_PATCH 0
#define KVT_VERSION "0.1.0"

/// Two modes, never mixed in one link: header-only (default), or `KVT_SEPARATE_COMPILATION`, where the
/// definitions in `detail/*.ipp` come from the library `kvt::compiled`. The inline namespace names version and
/// mode, so passing a kvt type from one mode to the other fails to link instead of misbehaving.
///
/// `KVT_LAZY` before a declaration, and `KVT_LAZY_DECL` before its definition, make a function a template in header-only
/// mode, so that a program which never calls it does not pay for what its body instantiates (the network's coroutines).
#if defined(KVT_SEPARATE_COMPILATION)
#define KVT_DECL
#define KVT_LAZY
#define KVT_LAZY_DECL
#define KVT_ABI v0_1_s
#else
#define KVT_DECL inline
#define KVT_LAZY template <int = 0>
#define KVT_LAZY_DECL template <int> inline
#define KVT_ABI v0_1_h
#endif

namespace kvt::inline KVT_ABI {}
