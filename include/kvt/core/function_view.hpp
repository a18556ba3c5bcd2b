// function_view: a callable passed down the stack, without owning it and without <functional>.
#pragma once

#include <kvt/version.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace kvt::inline KVT_ABI {

template <class Signature> class function_view;

/// Refers to any function object; two pointers, never null. The object must outlive every call, so take it as a
/// parameter and do not store it beyond the call (or say so where it is stored).
template <class Result, class... Arguments> class function_view<Result(Arguments...)> {
  public:
    template <class F>
        requires(!std::same_as<std::remove_cvref_t<F>, function_view> && std::is_class_v<std::remove_cvref_t<F>> &&
                 std::is_invocable_r_v<Result, F&, Arguments...>)
    function_view(F&& f)  // NOLINT(google-explicit-constructor, bugprone-forwarding-reference-overload): a view
        : object_{const_cast<void*>(static_cast<void const*>(&f))}, call_{[](void* object,
                                                                             Arguments... arguments) -> Result {
              return (*static_cast<std::remove_reference_t<F>*>(object))(std::forward<Arguments>(arguments)...);
          }} {}

    Result operator()(Arguments... arguments) const { return call_(object_, std::forward<Arguments>(arguments)...); }

  private:
    void* object_;
    Result (*call_)(void*, Arguments...);
};

}  // namespace kvt::inline KVT_ABI
