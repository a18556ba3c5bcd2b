// A model of any size for tests and demonstrations: tensors of 4 Mi numbers whose spread drifts, in one file or in shards
// with an index.
//
//   kvt_make_model FOLDER MEGABYTES [SHARDS [F32|F16|BF16]]
#include <kvt/core/json.hpp>
#include <kvt/core/random.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/tensor/half.hpp>
#include <kvt/tensor/safetensors_file.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

namespace tensor = kvt::tensor;

constexpr std::int64_t rows = 2048, columns = 2048;

std::vector<float> drawn(std::string const& name) {
    kvt::random_stream draws{1, name};
    double const drift = 1 + 2 * draws.unit();
    std::vector<float> out(rows * columns);
    for (std::size_t i = 0; i < out.size(); ++i) {
        double const spread = 0.02 * (1 + drift * static_cast<double>(i) / static_cast<double>(out.size()));
        out[i] = static_cast<float>(spread * (draws.unit() + draws.unit() + draws.unit() - 1.5));
    }
    return out;
}

void write(tensor::safetensors_file& file, std::string const& name, tensor::element type) {
    auto const values = drawn(name);
    if (type == tensor::element::f32) return file.write(name, 0, std::as_bytes(std::span{values}));
    std::vector<std::uint16_t> halves(values.size());
    std::ranges::transform(values, halves.begin(), [&](float x) {
        return type == tensor::element::f16 ? tensor::to_f16(x) : tensor::to_bf16(x);
    });
    file.write(name, 0, std::as_bytes(std::span{halves}));
}

void make(std::string const& folder, std::int64_t megabytes, std::int64_t shards, tensor::element type) {
    auto const each = static_cast<std::int64_t>(tensor::size_of(type)) * rows * columns;
    auto const count = std::max<std::int64_t>(shards, megabytes * (1 << 20) / each);
    kvt::json map;
    for (std::int64_t s = 0; s < shards; ++s) {
        auto const stem = shards == 1 ? "model" : "model-" + std::to_string(s + 1) + "-of-" + std::to_string(shards);
        std::vector<tensor::tensor_plan> plan;
        for (auto i = s * count / shards; i < (s + 1) * count / shards; ++i)
            plan.push_back({"layers." + std::to_string(i) + ".weight", type, {rows, columns}});
        tensor::safetensors_file file{folder + "/" + stem + ".safetensors", plan};
        for (auto const& t : plan) {
            write(file, t.name, type);
            map[t.name] = stem + ".safetensors";
        }
        file.finish();
    }
    if (shards > 1)
        kvt::write_file(folder + "/model.safetensors.index.json",
                        kvt::dump(kvt::json::of({{"metadata", kvt::json::of({{"total_size", count * each}})},
                                                 {"weight_map", std::move(map)}})));
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc < 3)
        throw kvt::error{kvt::error_kind::usage, "kvt_make_model", "too few arguments",
                         "FOLDER MEGABYTES [SHARDS [F32|F16|BF16]]"};
    auto const type = kvt::choice_of<tensor::element>(argc > 4 ? argv[4] : "F32").value_or(tensor::element::f32);
    make(argv[1], std::max(1L, std::atol(argv[2])), argc > 3 ? std::max(1L, std::atol(argv[3])) : 1, type);
} catch (kvt::error const& e) {
    std::fprintf(stderr, "kvt_make_model: %s\n", e.what());
    return e.exit_code();
}
