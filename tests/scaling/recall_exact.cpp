#include <kvt/scaling/checkpoint.hpp>
#include <kvt/scaling/recall_exact.hpp>

#include <doctest/doctest.h>

using namespace kvt;
using namespace kvt::scaling;

TEST_CASE("the shipped model answers, one that was never trained does not") {
    decoder<float> model{
        decoder_shape_of(model::shape_from_config(read_json_file("config/models/recall/config.json"), "config.json"))};
    std::vector<std::int64_t> const lengths{128, 512};
    auto const ask = [&] { return recall_exact_match(model, "config/models/recall/tokenizer.json", lengths, 20, 7); };
    for (auto const& row : ask()) CHECK(row.exact == 0);
    load_weights("config/models/recall/model.safetensors", model);
    auto const rows = ask();
    REQUIRE(rows.size() == 2);
    for (auto const& row : rows) {
        CHECK(row.prompts == 20);
        CHECK(row.exact >= 19);
    }
    CHECK(rows[1].length == 512);
}
