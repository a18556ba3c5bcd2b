// Replays golden cases: handlers per (topic, section), comparison with a file's tolerance, one line a suite.
#pragma once

#include <kvt/core/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace golden {

using kvt::json;

/// A case's result: both empty when it matched, else what differed, or why there was nothing to compare with.
struct verdict {
    std::string difference, skipped{};
    static verdict pass() { return {}; }
    static verdict fail(std::string why) { return {std::move(why)}; }
    static verdict skip(std::string why) { return {{}, std::move(why)}; }
};

/// The golden document a case came from.
struct file {
    std::string path;
    json document;
    double relative = 0, absolute = 0;  ///< the file's tolerance (0: exact)
};

using handler = verdict (*)(json const& test_case, file const& source);

/// Registers a handler for one section of one topic; declare one static object per handler. Where a section has several,
/// each of them counts its cases.
struct suite {
    suite(std::string_view topic, std::string_view section, handler run);
};

/// Compares values deeply: numbers within the file's tolerance (or exactly), everything else equal. Integers and
/// doubles of the same value are equal. On failure names the path of the first difference.
[[nodiscard]] verdict same(json const& expected, json const& actual, file const& source);
[[nodiscard]] verdict same(json const& expected, json const& actual, double relative, double absolute);

}  // namespace golden
