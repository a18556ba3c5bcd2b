// Ctrl-C and its like: a request to stop at the next safe point.
#pragma once

#include <kvt/core/context.hpp>

namespace cli {

/// From now on SIGINT, SIGTERM, SIGHUP (the terminal is closed), SIGQUIT and SIGPIPE (who read the output is gone) ask this
/// context to stop, so that nothing half written stays; a second one ends the process, but for SIGPIPE. SIGHUP
/// and SIGPIPE that were ignored from the start (`nohup`) stay so. The context must outlive the last signal.
void stop_on_signals(kvt::run_context& context);

}  // namespace cli
