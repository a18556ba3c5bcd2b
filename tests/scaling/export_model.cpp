#include "small_decoder.hpp"

#include <kvt/core/text_file.hpp>
#include <kvt/model/shape.hpp>
#include <kvt/model/tokenizer.hpp>
#include <kvt/scaling/checkpoint.hpp>
#include <kvt/scaling/export_model.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <algorithm>

using namespace kvt;
using namespace kvt::scaling;

TEST_CASE("the engine's own model becomes a folder the engine reads") {
    scratch_folder const folder;
    auto shape = small_decoder::tied();
    shape.vocab_size = 256;
    decoder<float> model{shape}, back{shape};
    small_decoder::randomise(model);
    exported_model const how{.type = weight_type::f32,
                             .tokenizer = "config/models/recall/tokenizer.json",
                             .max_position_embeddings = 99,
                             .stop_after = {"."}};
    auto const files = export_model(model, how, folder / "m", {{"by", "a test"}});
    CHECK(files.size() == 4);
    auto const config = model::shape_from_config(read_json_file(folder / "m/config.json"));
    CHECK(to_json(decoder_shape_of(config)) == to_json(shape));
    CHECK(config.max_position_embeddings == 99);
    CHECK(config.bos_token_id == 1);
    CHECK(config.eos_token_ids == std::vector<std::int32_t>{2});
    load_weights(folder / "m/model.safetensors", back);
    CHECK(std::ranges::equal(model.parameters(), back.parameters()));
    CHECK(model::word_tokenizer::load(folder / "m/tokenizer.json").size() == 256);
    CHECK(read_json_file(folder / "m/generation.json").at("stop_after").items()[0].text() == ".");
}

TEST_CASE("halves of the width are the nearest ones") {
    scratch_folder const folder;
    decoder<float> model{small_decoder::gpt()}, back{small_decoder::gpt()};
    small_decoder::randomise(model);
    CHECK(export_model(model, {}, folder / "m", {}).size() == 2);
    load_weights(folder / "m/model.safetensors", back);
    for (std::size_t i = 0; i < model.parameters().size(); ++i)
        CHECK(back.parameters()[i] == doctest::Approx(model.parameters()[i]).epsilon(1e-3));
    CHECK(to_json(from_json<decoder_shape>(read_json_file(folder / "m/config.json"))) == to_json(small_decoder::gpt()));
}
