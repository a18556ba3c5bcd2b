// Golden cases of kvt/quant: each names its operation and its own tolerance.
#pragma once

#include "replay.hpp"
#include "values.hpp"

#include <kvt/core/error.hpp>
#include <kvt/quant/affine.hpp>

#include <cmath>
#include <limits>

namespace golden::markov {

/// A number, or one of the words that JSON has no number for; and back.
inline double number(json const& value) {
    if (!value.is_text()) return value.real();
    auto const& word = value.text();
    if (word == "nan") return std::numeric_limits<double>::quiet_NaN();
    return word == "-inf" ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
}
inline json plain(double value) {
    if (std::isfinite(value)) return value;
    return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}
inline std::vector<double> numbers(json const& list) {
    std::vector<double> out;
    for (auto const& v : list.items()) out.push_back(number(v));
    return out;
}
inline std::vector<float> floats(json const& list) {
    std::vector<float> out;
    for (auto const& v : list.items()) out.push_back(static_cast<float>(number(v)));
    return out;
}
inline json list_of(std::vector<double> const& values) {
    json out = json::array{};
    for (double const v : values) out.push_back(plain(v));
    return out;
}
inline std::vector<kvt::quant::value_range> ranges_of(json const& in) {
    std::vector<kvt::quant::value_range> out;
    auto const lo = numbers(in.at("lo")), hi = numbers(in.at("hi"));
    for (std::size_t g = 0; g < lo.size(); ++g) out.push_back({lo[g], hi[g]});
    return out;
}

/// What an answer has to be, of the case's expectation: what it says no more counts. Numbers are right within `abs + rel *
/// |expected|`; whole numbers, flags and words exactly.
class comparison {
  public:
    explicit comparison(json const& test_case)
        : absolute_{test_case.at("tolerance").at("abs").real()}, relative_{test_case.at("tolerance").at("rel").real()} {
    }

    [[nodiscard]] std::string difference(json const& expected, json const& got, std::string const& at = "") const {
        auto const differs = [&] { return at + ": expected " + kvt::dump(expected) + ", got " + kvt::dump(got); };
        if (expected.is_object()) {
            for (auto const& [key, value] : expected.members()) {
                auto const* mine = got.find(key);
                if (mine == nullptr) return at + "." + key + ": missing";
                if (auto found = difference(value, *mine, at + "." + key); !found.empty()) return found;
            }
            return {};
        }
        if (expected.is_array()) {
            if (!got.is_array() || got.size() != expected.size()) return differs();
            for (std::size_t i = 0; i < got.size(); ++i)
                if (auto found = difference(expected.items()[i], got.items()[i], at + "[" + std::to_string(i) + "]");
                    !found.empty())
                    return found;
            return {};
        }
        if (!expected.is_number() || !got.is_number() || (expected.is_integer() && got.is_integer()))
            return expected == got ? "" : differs();
        double const want = expected.real();
        return std::abs(got.real() - want) <= absolute_ + relative_ * std::abs(want) ? "" : differs();
    }

  private:
    double absolute_, relative_;
};

/// Runs `answer(case)`, which gives a JSON object or throws, and compares with what the case expects. An expected error
/// must be named at the start of the problem.
template <class F> verdict check(json const& test_case, F&& answer) {
    auto const& expected = test_case.at("expected");
    auto const* refused = expected.find("error");
    json got;
    try {
        got = answer(test_case);
    } catch (kvt::error const& e) {
        if (refused == nullptr) throw;
        bool const right = e.problem().starts_with(refused->text() + ":");
        return right ? verdict::pass() : verdict::fail("expected " + refused->text() + ", got " + e.what());
    }
    if (refused != nullptr) return verdict::fail("expected " + refused->text() + ", was accepted");
    return {comparison{test_case}.difference(expected, got)};
}

/// The same for what is a function of a case's input and options.
template <auto Compute> verdict replay(json const& test_case, file const&) {
    return check(test_case, [](json const& c) { return Compute(c.at("input"), c.at("options")); });
}

}  // namespace golden::markov
