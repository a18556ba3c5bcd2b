// The files of the trace commands: errors name them, and none replaces another.
#pragma once

#include "files.hpp"

#include <kvt/core/context.hpp>
#include <kvt/trace/check.hpp>
#include <kvt/trace/read.hpp>

#include <string>
#include <vector>

namespace cli {

/// `f()`, whose errors in a trace's rows come out with the file's name before them.
template <class F> auto naming(std::string const& file, F&& f) {
    try {
        return f();
    } catch (kvt::trace::trace_error const& problem) {
        if (file.empty() || problem.code() <= kvt::trace::fault::bad_option) throw;
        std::string const text = problem.what();
        if (text.find(file) != std::string::npos) throw;
        throw kvt::error{problem.kind(), file, text};
    }
}

/// A file's phases after every check.
inline kvt::trace::phases phases_of(kvt::run_context& context, std::string const& file,
                                    kvt::trace::check const& check) {
    return naming(file, [&] { return check(context, kvt::trace::read{file}(context, {})); });
}

}  // namespace cli
