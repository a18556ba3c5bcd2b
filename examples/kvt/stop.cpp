#include "stop.hpp"

#include <csignal>

namespace cli {

namespace {

kvt::run_context* stoppable = nullptr;

extern "C" void ask_to_stop(int signal) {
    stoppable->request_stop();
    // A second one ends the process, but for a reader that went away: that may be noticed with every line.
    if (signal != SIGPIPE) std::signal(signal, SIG_DFL);
}

}  // namespace

void stop_on_signals(kvt::run_context& context) {
    stoppable = &context;
    for (int const signal : {SIGINT, SIGTERM, SIGQUIT}) std::signal(signal, ask_to_stop);
    for (int const signal : {SIGHUP, SIGPIPE})  // ignored where the run was to outlive its terminal (`nohup`)
        if (std::signal(signal, ask_to_stop) == SIG_IGN) std::signal(signal, SIG_IGN);
}

}  // namespace cli
