#pragma once

#include <kvt/core/context.hpp>

#include <atomic>
#include <chrono>
#include <ctime>
#include <thread>

namespace kvt::inline KVT_ABI {

KVT_DECL run_context::~run_context() {
    for (std::size_t i = services_.size(); i-- > 0;) services_[i].destroy(services_[i].object);
}

KVT_DECL void run_context::make_room() { services_.reserve(services_.size() + 1); }
KVT_DECL void run_context::adopt(slot service) noexcept { services_.push_back(service); }

KVT_DECL void* run_context::find_object(void const* key) const {
    for (std::size_t i = services_.size(); i-- > 0;)
        if (services_[i].key == key) return services_[i].object;
    return nullptr;
}
KVT_DECL void run_context::refuse(char const* advice) {
    throw error{error_kind::usage, "context", "a stage needs " + std::string{advice}};
}

KVT_DECL void run_context::request_stop() noexcept { std::atomic_ref{stop_}.store(true, std::memory_order_relaxed); }
KVT_DECL bool run_context::stop_requested() const noexcept {
    return std::atomic_ref{stop_}.load(std::memory_order_relaxed);
}

KVT_DECL void run_context::wrote(std::string path) { written_.push_back(std::move(path)); }

KVT_DECL std::string run_context::utc_now() const {
    if (clock.utc_now != nullptr) return clock.utc_now();
    std::time_t const now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

KVT_DECL void run_context::sleep(double seconds) const {
    if (clock.sleep != nullptr) return clock.sleep(seconds);
    double const end = clock.seconds() + seconds;
    while (!stop_requested()) {
        double const left = end - clock.seconds();
        if (left <= 0) return;
        std::this_thread::sleep_for(std::chrono::duration<double>(left < 0.1 ? left : 0.1));
    }
}

}  // namespace kvt::inline KVT_ABI
