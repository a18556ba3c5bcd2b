#include "tree.hpp"

#include <doctest/doctest.h>

#include <iostream>

TEST_CASE("headers are short") {
    std::vector<std::size_t> lengths;
    std::string longest;
    for (auto const& file : shape::sources()) {
        if (file.folder == "impl") continue;
        CAPTURE(file.path);
        CHECK(file.lines.size() <= 600);
        if (lengths.empty() || file.lines.size() > *std::ranges::max_element(lengths)) longest = file.path;
        lengths.push_back(file.lines.size());
    }
    REQUIRE(lengths.size() > 10);
    std::ranges::sort(lengths);
    auto const at = [&](double share) { return lengths[static_cast<std::size_t>(share * double(lengths.size() - 1))]; };
    std::cout << lengths.size() << " headers: median " << at(0.5) << " lines, 95th percentile " << at(0.95)
              << ", longest " << lengths.back() << " (" << longest << ")\n";
    CHECK(at(0.5) < 150);
    CHECK(at(0.95) < 400);
}
