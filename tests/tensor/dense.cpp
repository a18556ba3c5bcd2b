#include <kvt/tensor/dense.hpp>

#include <doctest/doctest.h>

TEST_CASE("a set of tensors keeps them by name and refuses wrong counts") {
    kvt::tensor::dense_set set;
    set.put("b", {2, 2}, {1, 2, 3, 4});
    set.put("a", {}, {5});
    CHECK(set.all().begin()->first == "a");
    REQUIRE(set.find("b") != nullptr);
    CHECK(set.find("b")->values[3] == 4);
    CHECK(set.find("c") == nullptr);
    CHECK_THROWS_WITH_AS(set.put("c", {3}, {1}), "c: 1 values for shape [3]", kvt::error);
}
