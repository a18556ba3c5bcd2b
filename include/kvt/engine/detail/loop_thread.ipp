#pragma once

#include <kvt/engine/loop_thread.hpp>

#include <memory>
#include <thread>
#include <utility>

namespace kvt::inline KVT_ABI::engine {

KVT_DECL void loop_thread::start(void* object, void (*body)(void*)) {
    if (!started()) thread_ = new std::thread{body, object};
}

KVT_DECL void loop_thread::join() {
    std::unique_ptr<std::thread> const mine{static_cast<std::thread*>(std::exchange(thread_, nullptr))};
    if (mine != nullptr) mine->join();
}

}  // namespace kvt::inline KVT_ABI::engine
