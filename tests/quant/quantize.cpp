#include "faults.hpp"
#include "models.hpp"

#include <kvt/core/json.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/quant/quantize.hpp>

#include <doctest/doctest.h>

using namespace kvt::quant;

namespace {

std::string quantized_by(std::string const& path, std::int64_t threads) {
    kvt::run_context context{kvt::exec::thread_executor{threads}};
    context.progress = kvt::progress_meter{kvt::progress_style::silent};
    auto const model = kvt::pipeline{load_model{path}, quantize{asymmetric{2}}}(context);
    return kvt::dump(kvt::to_json(model.layers));
}

}  // namespace

TEST_CASE("layers come in the file's order, the same for any number of threads") {
    scratch_folder folder;
    auto const path = sample_model(folder);
    auto const one = quantized_by(path, 1);
    CHECK(one == quantized_by(path, 3));
    CHECK(one.find("\"name\":\"a\"") < one.find("\"name\":\"b\""));
}

TEST_CASE("what cannot be is refused before any tensor is read") {
    scratch_folder folder;
    auto const model = open_model(sample_model(folder));
    CHECK(fault_of([&] { (void)quantize{asymmetric{3}}(silent(), model); }) == "invalid_bit_width");
    CHECK(fault_of([&] { (void)quantize{asymmetric{2}, {0}}(silent(), model); }) == "invalid_time_groups");
    CHECK(fault_of([&] { (void)quantize{asymmetric{2}, {101}}(silent(), model); }) == "invalid_time_groups");
    CHECK(fault_of([&] { (void)quantize{asymmetric{2}, {4, 0}}(silent(), model); }) == "invalid_group_size");
    CHECK_THROWS_AS((void)(quantize{asymmetric{2}, {4}, 2}(silent(), model)), kvt::error);
}

TEST_CASE("a stop is asked for between tensors") {
    scratch_folder folder;
    kvt::run_context context;
    context.progress = kvt::progress_meter{kvt::progress_style::silent};
    context.request_stop();
    auto const e = error_of<kvt::error>([&] { (void)quantize{}(context, open_model(sample_model(folder))); });
    REQUIRE(e);
    CHECK(e->exit_code() == 1);
}
