#include "stop.hpp"

#include <csignal>

namespace cli {

namespace {
kvt::run_context* stoppable = nullptr;
}

void stop_on_signals(kvt::run_context& context) {
    stoppable = &context;
    auto const handler = [](int signal) {
        stoppable->request_stop();
        std::signal(signal, SIG_DFL);
    };
    std::signal(SIGINT, handler);
    std::signal(SIGTERM, handler);
}

}  // namespace cli
