// What golden cases of kvt/quant share: numbers that may not be finite, ranges, and the comparison of results.
#pragma once

#include "replay.hpp"

#include <kvt/quant/affine.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace golden::markov {

/// A number, or the word for one that is not finite.
inline double number(kvt::json const& value) {
    if (!value.is_text()) return value.real();
    double const inf = std::numeric_limits<double>::infinity();
    return value.text() == "inf" ? inf : value.text() == "-inf" ? -inf : std::numeric_limits<double>::quiet_NaN();
}
inline kvt::json plain(double value) {
    if (std::isfinite(value)) return value;
    return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}
inline std::vector<double> numbers(kvt::json const& list) {
    std::vector<double> out;
    for (auto const& v : list.items()) out.push_back(number(v));
    return out;
}
inline kvt::json list_of(std::vector<double> const& values) {
    kvt::json out = kvt::json::array{};
    for (double const v : values) out.push_back(plain(v));
    return out;
}
inline std::vector<kvt::quant::value_range> ranges_of(kvt::json const& in) {
    std::vector<kvt::quant::value_range> out;
    auto const lo = numbers(in.at("lo")), hi = numbers(in.at("hi"));
    for (std::size_t g = 0; g < lo.size(); ++g) out.push_back({lo[g], hi[g]});
    return out;
}

/// Compares the members that a case expects; the result may have more of them, at every level.
inline verdict expected_members(kvt::json const& expected, kvt::json const& got, double relative, double absolute,
                                std::string const& path = {}) {
    if (expected.is_object()) {
        for (auto const& [key, value] : expected.members()) {
            auto const* found = got.find(key);
            if (found == nullptr) return verdict::fail(path + key + " is not in the result");
            if (auto v = expected_members(value, *found, relative, absolute, path + key + "."); !v.difference.empty())
                return v;
        }
        return verdict::pass();
    }
    auto v = same(expected, got, 0, 0);
    if (v.difference.empty()) return v;
    if (expected.is_number() && got.is_number()) {
        bool const close = std::abs(got.real() - expected.real()) <= absolute + relative * std::abs(expected.real());
        return close ? verdict::pass() : verdict::fail(path + v.difference);
    }
    if (!expected.is_array() || !got.is_array() || expected.size() != got.size())
        return verdict::fail(path + v.difference);
    for (std::size_t i = 0; i < expected.size(); ++i)
        if (auto item = expected_members(expected.items()[i], got.items()[i], relative, absolute,
                                         path + std::to_string(i) + ".");
            !item.difference.empty())
            return item;
    return verdict::pass();
}

/// One case: what `Compute(input, options)` gives, or the kind of its refusal.
template <auto Compute> verdict replay(kvt::json const& test_case, file const&) {
    auto const& expected = test_case.at("expected");
    auto const& tolerance = test_case.at("tolerance");
    auto const* refused = expected.find("error");
    try {
        auto const got = Compute(test_case.at("input"), test_case.at("options"));
        if (refused != nullptr) return verdict::fail("not refused as " + refused->text());
        return expected_members(expected, got, tolerance.at("rel").real(), tolerance.at("abs").real());
    } catch (kvt::quant::quant_error const& e) {
        if (refused != nullptr && kvt::name_of(e.code()) == refused->text()) return verdict::pass();
        return verdict::fail(e.what());
    }
}

}  // namespace golden::markov
