// Where the container fixtures lie, and how a case of their manifest is looked at.
#pragma once

#include <kvt/core/json.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

namespace fixtures {

inline std::string folder() {
    char const* root = std::getenv("KVT_ROOT");
    return std::string{root != nullptr ? root : "."} + "/tests/tensor/safetensors/";
}

/// The manifest's cases that do (`valid_multi.safetensors`) or do not (`sharded/...`) lie in a folder of their own.
inline std::vector<kvt::json> cases(bool sharded) {
    std::vector<kvt::json> selected;
    auto const manifest = kvt::read_json_file(folder() + "manifest.json");
    for (auto const& c : manifest.at("files").items())
        if ((c.at("file").text().find('/') != std::string::npos) == sharded) selected.push_back(c);
    return selected;
}

/// The reason a message starts with, behind the name of the file.
inline std::string reason_in(std::string const& problem) { return problem.substr(0, problem.find(':')); }

inline bool acceptable(kvt::json const& c, std::string const& reason) {
    if (c.at("kind").text() == reason) return true;
    for (auto const& other : c.at("also_acceptable").items())
        if (other.text() == reason) return true;
    return false;
}

/// A broken file of the manifest is refused for its reason, in one line that names it.
template <class F> void check_refused(kvt::json const& c, std::string const& path, F&& open) {
    auto const e = error_of(open);
    REQUIRE(e);
    CAPTURE(e->what());
    CHECK(acceptable(c, reason_in(e->problem())));
    CHECK(e->where() == path);
    CHECK(e->exit_code() == 2);
    CHECK_FALSE(holds(e->what(), "\n"));
}

/// Values are written with ten digits; strings stand for what JSON cannot write.
inline bool same_value(kvt::json const& expected, float actual) {
    if (expected.is_text()) {
        auto const& word = expected.text();
        if (word.find("nan") != word.npos || word.find("NaN") != word.npos) return std::isnan(actual);
        return std::isinf(actual) && std::signbit(actual) == (word.front() == '-');
    }
    return std::bit_cast<std::uint32_t>(static_cast<float>(expected.real())) == std::bit_cast<std::uint32_t>(actual);
}

}  // namespace fixtures
