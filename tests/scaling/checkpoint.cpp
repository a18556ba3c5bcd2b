#include "small_decoder.hpp"

#include <kvt/scaling/adamw.hpp>
#include <kvt/scaling/checkpoint.hpp>
#include <kvt/tensor/safetensors_writer.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <algorithm>

using namespace kvt;
using namespace kvt::scaling;

namespace {

struct training {
    decoder<float> model;
    optimizer_state<float> state;

    explicit training(decoder_shape const& shape)
        : model{shape}, state{optimizer_state<float>::for_model(adamw{}, model.parameters().size())} {}

    void step() {
        exec::inline_executor const here{};
        auto const batch = small_decoder::batch(model.shape().vocab_size, 2, 9);
        (void)train_step(
            model, adamw{}, state, parameter_rates{.learning_rate = 0.01}.of(model.list()), {},
            here, [&](std::int64_t) -> auto const& { return batch; }, [](std::int64_t) {});
    }
    [[nodiscard]] bool same(training& other) {
        return std::ranges::equal(model.parameters(), other.model.parameters()) && state.memory == other.state.memory &&
               state.steps == other.state.steps;
    }
};

}  // namespace

TEST_CASE("a run goes on from its checkpoint to the same bits") {
    for (auto const& shape : {small_decoder::tied(), small_decoder::gpt()}) {
        scratch_folder const folder;
        training a{shape}, b{shape};
        small_decoder::randomise(a.model);
        for (int i = 0; i < 3; ++i) a.step();
        auto const state = json::of({{"position", 0.1}, {"name", "x"}});
        save_checkpoint(folder / "c.safetensors", a.model, a.state, adamw::memory_names, state);
        CHECK(load_checkpoint(folder / "c.safetensors", b.model, b.state, adamw::memory_names) == state);
        CHECK(a.same(b));
        for (int i = 0; i < 3; ++i) a.step(), b.step();
        CHECK(a.same(b));
    }
}

TEST_CASE("the tensor that does not fit is named, and nothing is changed") {
    scratch_folder const folder;
    training a{small_decoder::tied()};
    a.step();
    auto const path = folder / "c.safetensors";
    save_checkpoint(path, a.model, a.state, adamw::memory_names, json{});
    auto wider = small_decoder::tied();
    wider.d_ff = 24;
    training b{wider};
    small_decoder::randomise(b.model);
    std::vector<float> const before(b.model.parameters().begin(), b.model.parameters().end());
    auto const load = [&] {
        return refusal([&] { (void)load_checkpoint(path, b.model, b.state, adamw::memory_names); });
    };
    CHECK(holds(load(), "model.model.layers.0.mlp.gate_proj.weight has the shape [20, 16]"));
    CHECK(holds(load(), "[24, 16]"));
    CHECK(std::ranges::equal(before, b.model.parameters()));
    CHECK(b.state.steps == 0);

    training gpt{small_decoder::gpt()};
    CHECK(holds(refusal([&] { (void)load_checkpoint(path, gpt.model, gpt.state, adamw::memory_names); }),
                "has no tensor model.token_emb.weight"));
}

TEST_CASE("files that are no checkpoints are refused") {
    scratch_folder const folder;
    training a{small_decoder::tied()};
    auto const load = [&](std::string const& path) {
        return refusal([&] { (void)load_checkpoint(path, a.model, a.state, adamw::memory_names); });
    };
    CHECK(holds(load(folder / "nothing"), "nothing"));
    CHECK(holds(load(folder.file("short", "abc")), "header_too_small"));
    tensor::dense_set other;
    other.put("x", {1}, {1});
    CHECK(holds(load(folder.file("weights", tensor::safetensors_bytes(other))), "format"));
    CHECK(holds(load(folder.file("format", tensor::safetensors_bytes(other, tensor::element::f32, {{"format", "pt"}}))),
                "kvt-checkpoint/1"));
}

TEST_CASE("weights alone are read under their own names") {
    scratch_folder const folder;
    decoder<float> a{small_decoder::tied()}, b{small_decoder::tied()};
    small_decoder::randomise(a);
    tensor::dense_set all;
    for (auto const& p : a.tensors()) {
        auto const v = p.of(a.parameters());
        auto const shape = p.dimensions == 1 ? std::vector{p.columns} : std::vector{p.rows, p.columns};
        all.put(p.name, shape, {v.begin(), v.end()});
    }
    load_weights(folder.file("m.safetensors", tensor::safetensors_bytes(all)), b);
    CHECK(std::ranges::equal(a.parameters(), b.parameters()));
}
