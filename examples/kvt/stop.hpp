// Ctrl-C: a request to stop at the next safe point.
#pragma once

#include <kvt/core/context.hpp>

namespace cli {

/// From now on SIGINT and SIGTERM ask this context to stop; a second one ends the process. The context must outlive the
/// last signal.
void stop_on_signals(kvt::run_context& context);

}  // namespace cli
