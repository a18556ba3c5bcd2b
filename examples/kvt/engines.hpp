// The engines that a configuration can name, and runs on them.
#pragma once

#include "lab.hpp"

#include <kvt/cache/sweep.hpp>
#include <kvt/harness/artifacts.hpp>
#include <kvt/harness/run_options.hpp>

#include <string>

namespace cli {

/// Builds the configured engine and lets it go: a missing model or a bad address is said before anything is written.
void check_engine(lab& l);

/// The run stage on the configured engine.
kvt::harness::executed run_group(lab& l, kvt::harness::prepared const& in, kvt::cache::sweep const& sweep,
                                 kvt::harness::run_options const& options);

/// The same, but takes over runs that are finished; unfinished ones need --resume.
kvt::harness::executed run_or_take(lab& l, kvt::harness::prepared const& in, kvt::cache::sweep const& sweep,
                                   kvt::harness::run_options options);

/// prepare 0, run 1, score 2, analyze 3, report 4; throws on any other word. Empty is prepare.
int first_stage(std::string const& name);

}  // namespace cli
