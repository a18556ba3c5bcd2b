#include "small_model.hpp"

#include <kvt/core/text_file.hpp>
#include <kvt/model/weights.hpp>
#include <kvt/tensor/safetensors_writer.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <limits>

using kvt::model::load_weights;
using kvt::model::make_weights;

namespace {

std::string complaint(kvt::tensor::dense_set const& tensors) {
    auto const e = error_of([&] { (void)make_weights(small::odd_shape(), tensors, "w"); });
    CHECK((!e || e->exit_code() == 2));
    return e ? e->what() : "";
}
kvt::tensor::dense_set without(kvt::tensor::dense_set const& tensors, std::string const& name) {
    kvt::tensor::dense_set rest;
    for (auto const& [n, t] : tensors.all())
        if (n != name) rest.put(n, t.shape, t.values);
    return rest;
}

}  // namespace

TEST_CASE("the built-in model loads, and its hash is its file's") {
    auto const w = load_weights(small::recall());
    CHECK(w.hash == kvt::sha256_file(small::recall() + "/model.safetensors"));
    CHECK(w.layers.size() == 3);
    CHECK(w.layers[0].q.outputs() == 256);
    CHECK(w.layers[0].k.outputs() == 128);
    CHECK(w.head.outputs() == 256);
    std::size_t parameters = w.embedding.size() + w.final_norm.size();
    for (auto const& l : w.layers) {
        parameters += l.attention_norm.size() + l.mlp_norm.size();
        for (auto const* m : {&l.q, &l.k, &l.v, &l.o, &l.gate, &l.up, &l.down})
            parameters += static_cast<std::size_t>(m->outputs()) * static_cast<std::size_t>(m->inputs());
    }
    CHECK(parameters == 623'488);
}

TEST_CASE("weights in memory, written and read again are the same weights with the same hash") {
    auto const s = small::odd_shape();
    auto const tensors = small::random_tensors(s);
    auto const made = make_weights(s, tensors);
    scratch_folder const folder;
    (void)folder.file("config.json", dump(to_config(s)));
    auto const file = folder.file("model.safetensors", kvt::tensor::safetensors_bytes(tensors));
    auto const read = load_weights(folder.path);
    CHECK(read.hash == made.hash);
    CHECK(read.embedding == made.embedding);
    CHECK(small::same_bits({read.head.data(), 64 * 20}, {made.head.data(), 64 * 20}));
    CHECK(small::same_bits({read.head.data(), 20}, {made.head.data(), 20}));
    kvt::write_file(file, "cut");
    CHECK(refusal([&] { (void)load_weights(folder.path); }) ==
          file + ": header_too_small: 3 bytes; expected 8 bytes of header length");
    CHECK_THROWS_AS((void)load_weights(folder / "none"), kvt::error);
}

TEST_CASE("a tensor that is missing, of another shape, out of place or not finite is named") {
    auto const good = small::random_tensors(small::odd_shape());
    CHECK(complaint(good) == "");
    CHECK(complaint(without(good, "lm_head.weight")) == "w: no tensor lm_head.weight");
    CHECK(complaint(without(good, "model.layers.1.mlp.up_proj.weight")) ==
          "w: no tensor model.layers.1.mlp.up_proj.weight");
    auto bad = good;
    bad.put("model.norm.weight", {4, 5}, std::vector<float>(20));
    CHECK(complaint(bad) == "w: model.norm.weight has shape [4, 5]; expected [20]");
    bad = good;
    bad.put("model.layers.0.self_attn.q_proj.bias", {60}, std::vector<float>(60));
    CHECK(complaint(bad) == "w: tensor model.layers.0.self_attn.q_proj.bias has no place in this architecture");
    bad = good;
    bad.put("model.norm.weight", {20}, std::vector<float>(20, std::numeric_limits<float>::quiet_NaN()));
    CHECK(complaint(bad) == "w: model.norm.weight holds a value that is not finite");
    bad = good;
    bad.put("model.layers.0.self_attn.rotary_emb.inv_freq", {5}, std::vector<float>(5));
    CHECK(complaint(bad) == "");
}
