#include "models.hpp"

#include <kvt/core/pipeline.hpp>
#include <kvt/quant/packed_model.hpp>
#include <kvt/quant/save_packed.hpp>
#include <kvt/quant/smooth.hpp>
#include <kvt/quant/symmetric.hpp>

#include <doctest/doctest.h>

#include <filesystem>

using namespace kvt::quant;

namespace {

// What is read back reconstructs to the errors that were reported.
template <quantizer Q> void check(validated_model<Q> const& model, std::string const& path) {
    auto const packed = packed_model::open(path);
    CHECK(packed.packed().size() == 3);
    CHECK(packed.passed().size() == 1);
    for (auto const& l : model.model.layers) {
        if (l.status == layer_status::passthrough) continue;
        error_sums sums;
        for (auto const& e : packed.read(l.name).measure(*model.model.source.archive().find(l.name))) sums += e;
        CHECK(sums.noise == l.all_errors().noise);
        CHECK(sums.worst == l.all_errors().worst);
    }
}

}  // namespace

TEST_CASE("what is saved is what was measured: plain, in runs, symmetric, smoothed") {
    scratch_folder folder;
    load_model const load{sample_model(folder)};
    auto const path = folder / "out/packed.safetensors";
    for (std::int32_t const bits : {2, 4, 8}) {
        check(kvt::pipeline{load, quantize{asymmetric{bits}}, validate{}, save_packed{path}}(silent()), path);
        check(kvt::pipeline{load, quantize{asymmetric{bits}, {3, 7}}, validate{}, save_packed{path}}(silent()), path);
        check(kvt::pipeline{load, quantize{symmetric{bits}, {4}, 8}, validate{}, save_packed{path}}(silent()), path);
        check(kvt::pipeline{load, quantize{asymmetric{bits}}, validate{}, smooth{}, save_packed{path}}(silent()), path);
    }
}

TEST_CASE("a stop leaves no file") {
    scratch_folder folder;
    auto const model = kvt::pipeline{load_model{sample_model(folder)}, quantize{asymmetric{2}}, validate{}}(silent());
    kvt::run_context context;
    context.progress = kvt::progress_meter{kvt::progress_style::silent};
    context.request_stop();
    CHECK_THROWS_AS((void)save_packed{folder / "p.safetensors"}(context, model), kvt::error);
    for (auto const& entry : std::filesystem::directory_iterator{folder.path})
        CHECK(entry.path().filename() == "model.safetensors");
}
