// loop_thread: one thread that runs one function until it returns.
#pragma once

#include <kvt/version.hpp>

namespace kvt::inline KVT_ABI::engine {

/// Started when first needed, joined with its owner; its function must have been told to return by then.
class loop_thread {
  public:
    loop_thread() = default;
    loop_thread(loop_thread const&) = delete;
    loop_thread& operator=(loop_thread const&) = delete;
    ~loop_thread() { join(); }

    [[nodiscard]] bool started() const { return thread_ != nullptr; }
    void start(void* object, void (*body)(void*));
    void join();

  private:
    void* thread_ = nullptr;
};

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/loop_thread.ipp>
#endif
