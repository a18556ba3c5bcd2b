#include <kvt/model/packed_matrix.hpp>

#include <doctest/doctest.h>

#include <cstdint>

using namespace kvt::model;

TEST_CASE("panels hold 32 outputs side by side, the last one filled up with zeros") {
    std::vector<float> rows(3 * 70);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<float>(i + 1);
    packed_matrix const w{rows, 70, 3};
    CHECK(w.outputs() == 70);
    CHECK(w.inputs() == 3);
    CHECK(w.padded_outputs() == 96);
    CHECK(reinterpret_cast<std::uintptr_t>(w.data()) % 64 == 0);
    int wrong = 0;
    for (std::size_t n = 0; n < 96; ++n)
        for (std::size_t k = 0; k < 3; ++k)
            wrong += w.data()[(n / 32 * 3 + k) * 32 + n % 32] != (n < 70 ? rows[n * 3 + k] : 0.0F);
    CHECK(wrong == 0);
}
