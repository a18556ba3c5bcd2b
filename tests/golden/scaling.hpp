// Golden cases of kvt/scaling: numbers with words for those JSON has none for, and first differences.
#pragma once

#include "replay.hpp"

#include <kvt/core/error.hpp>

#include <cmath>
#include <filesystem>
#include <limits>
#include <span>

namespace golden {

inline double scaling_number(json const& value) {
    if (!value.is_text()) return value.real();
    double const infinity = std::numeric_limits<double>::infinity();
    auto const& word = value.text();
    if (word == "NaN") return std::numeric_limits<double>::quiet_NaN();
    return word == "-Infinity" ? -infinity : infinity;
}
inline std::vector<double> scaling_numbers(json const& list) {
    std::vector<double> out;
    for (auto const& v : list.items()) out.push_back(scaling_number(v));
    return out;
}

/// Differences that are more than a case allows, the first one kept.
class scaling_comparison {
  public:
    void near(std::string const& what, double expected, double got, double relative, double absolute = 0) {
        ++figures;
        if (!(std::abs(got - expected) <= relative * std::abs(expected) + absolute))
            fail(what + ": expected " + kvt::shortest(expected) + ", got " + kvt::shortest(got));
    }
    void near(std::string const& what, json const& expected, double got, double relative, double absolute = 0) {
        near(what, scaling_number(expected), got, relative, absolute);
    }
    void equal(std::string const& what, json const& expected, json const& got) {
        ++figures;
        if (!same(expected, got, 0, 0).difference.empty())
            fail(what + ": expected " + kvt::dump(expected) + ", got " + kvt::dump(got));
    }
    void holds(std::string const& what, bool true_) {
        ++figures;
        if (!true_) fail(what);
    }
    void fail(std::string const& why) {
        if (first_.empty()) first_ = why;
    }
    [[nodiscard]] verdict result() const {
        if (figures == 0) return verdict::fail("nothing was compared");
        return first_.empty() ? verdict::pass() : verdict::fail(first_);
    }

    std::size_t figures = 0;

  private:
    std::string first_;
};

/// The case of that id in another file of the same folder.
inline json scaling_case(file const& source, std::string const& name, std::string const& id) {
    auto const path = (std::filesystem::path{source.path}.parent_path() / name).string();
    auto const document = kvt::read_json_file(path);
    for (auto const& c : document.at("cases").items())
        if (c.at("id").text() == id) return c;
    throw kvt::error{kvt::error_kind::missing, path, "has no case " + id};
}

/// What a call is refused with; empty where it was accepted.
template <class Error, class F> std::string scaling_refusal(F&& f) {
    try {
        f();
    } catch (Error const& e) {
        return e.what();
    }
    return {};
}

}  // namespace golden
