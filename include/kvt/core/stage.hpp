// The stage contract: everything a stage's author has to read.
#pragma once

#include <kvt/version.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>

namespace kvt::inline KVT_ABI {

class run_context;  ///< what varies at run time: services, random streams, clock, progress, stop token (core/context.hpp)

/// Opt-in: `using stage_concept = kvt::stage_tag;` says "this type means to be a stage".
struct stage_tag {};
/// What a source stage consumes: nothing.
struct start {};

template <class S> concept tagged_stage = std::same_as<typename S::stage_concept, stage_tag>;
template <class S> concept named = requires {
    { S::name } -> std::convertible_to<std::string_view>;
};
/// An immutable value with a name and one `operator()(run_context&, In) const`.
template <class S> concept stage = std::move_constructible<S> && tagged_stage<S> && named<S>;
/// Satisfied by stages that can consume what the stage before them produced.
template <class S, class In> concept stage_for = stage<S> && std::invocable<S const&, run_context&, In>;

/// What a stage makes of an `In`.
template <class S, class In>
using stage_output = std::remove_cvref_t<std::invoke_result_t<S const&, run_context&, In>>;

}  // namespace kvt::inline KVT_ABI
