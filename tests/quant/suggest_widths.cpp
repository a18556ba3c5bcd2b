#include "faults.hpp"
#include "models.hpp"

#include <kvt/core/pipeline.hpp>
#include <kvt/quant/entropy.hpp>
#include <kvt/quant/model_metrics.hpp>
#include <kvt/quant/suggest_widths.hpp>

#include <doctest/doctest.h>

using namespace kvt::quant;

TEST_CASE("every tensor's report has its entropy and the width that suggests, and only where that was asked") {
    scratch_folder folder;
    for (std::int64_t seed = 1; seed <= 20; ++seed) {
        auto const tensors = sample_tensors(seed);
        auto const path = folder.file("model.safetensors", kvt::tensor::safetensors_bytes(tensors));
        auto const judged = [&](auto... more) {
            return kvt::pipeline{load_model{path}, quantize{asymmetric{4}}, validate{}, more...}(silent());
        };
        auto const plain = judged(), asked = judged(suggest_widths{});
        for (std::size_t i = 0; i < plain.model.layers.size(); ++i) {
            auto const without = report_of(plain.model.layers[i], 4), with = report_of(asked.model.layers[i], 4);
            CHECK_FALSE(without.weight_entropy);
            CHECK_FALSE(without.suggested_bit_width);
            auto const values = kvt::tensor::to_floats(*plain.model.source.tensors()[i]);
            REQUIRE(with.weight_entropy);
            CHECK(*with.weight_entropy == normalized_entropy(values));
            CHECK(*with.suggested_bit_width == suggested_bits(*with.weight_entropy));
            CHECK(with.mse == without.mse);
        }
        kvt::run_context threads{kvt::exec::thread_executor{3}};
        threads.progress = kvt::progress_meter{kvt::progress_style::silent};
        auto const again = suggest_widths{}(threads, plain);
        for (std::size_t i = 0; i < again.model.layers.size(); ++i)
            CHECK(again.model.layers[i].entropy == asked.model.layers[i].entropy);
    }
}
