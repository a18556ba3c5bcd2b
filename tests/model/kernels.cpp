#include "small_model.hpp"

#include <kvt/core/error.hpp>
#include <kvt/core/hash.hpp>
#include <kvt/model/kernels.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

using namespace kvt::model;
using small::noise;
using small::same_bits;

namespace {

std::vector<kernel_table const*> all_kernels() {
    std::vector<kernel_table const*> tables;
    for (auto set : usable_instruction_sets()) tables.push_back(&kernels_of(set));
    return tables;
}

float exponential_of(float x) {
    std::array<float, 16> in{}, out{};
    in[0] = x;
    kernels_of(instruction_set::portable).exponential(in.data(), out.data(), 16);
    return out[0];
}

// Attention of one query as the contract words it; slots outside `visible` have probability 0.
std::vector<float> plain_attention(std::span<float const> query, std::span<float const> keys,
                                   std::span<float const> values, std::vector<bool> const& visible) {
    std::size_t const dim = query.size(), slots = visible.size();
    std::vector<float> scores(slots), out(dim, 0.0F);
    float highest = -std::numeric_limits<float>::infinity(), sum = 0;
    for (std::size_t j = 0; j < slots; ++j) {
        for (std::size_t d = 0; d < dim; ++d) scores[j] = std::fma(keys[j * dim + d], query[d], scores[j]);
        if (visible[j]) highest = std::max(highest, scores[j]);
    }
    for (std::size_t j = 0; j < slots; ++j) {
        float const p = visible[j] ? exponential_of(scores[j] - highest) : 0.0F;
        sum += p;
        for (std::size_t c = 0; c < dim; ++c) out[c] = std::fma(p, values[j * dim + c], out[c]);
    }
    for (auto& v : out) v /= sum;
    return out;
}

// A task over `slots` slots for `lanes` queries (`[lane][dim]`), lane l seeing visible[l] of them; `[lane][dim]`.
std::vector<float> run_attention(kernel_table const& k, std::vector<float> const& queries, std::size_t lanes,
                                 std::size_t dim, std::vector<float> const& keys, std::vector<float> const& values,
                                 std::vector<std::int32_t> const& visible) {
    std::int32_t const stride = lanes > 16 ? 32 : 16, columns = *std::max_element(visible.begin(), visible.end());
    auto const step = static_cast<std::size_t>(stride);
    std::vector<float> packed(dim * step, 0.0F), probs(static_cast<std::size_t>(columns) * step), sums(step),
        out(step * dim);
    for (std::size_t l = 0; l < lanes; ++l)
        for (std::size_t d = 0; d < dim; ++d) packed[d * step + l] = queries[l * dim + d];
    attention_task const task{.queries = packed.data(),
                              .lanes = static_cast<std::int32_t>(lanes),
                              .stride = stride,
                              .head_dim = static_cast<std::int32_t>(dim),
                              .keys = keys.data(),
                              .values = values.data(),
                              .columns = columns,
                              .visible = visible.data(),
                              .probs = probs.data(),
                              .sums = sums.data(),
                              .out = out.data(),
                              .out_stride = static_cast<std::int32_t>(dim)};
    k.attend(task);
    k.normalise(task);
    for (std::size_t l = 0; l < lanes; ++l) {
        double total = 0;
        for (std::size_t j = 0; j < static_cast<std::size_t>(columns); ++j) {
            float const p = probs[j * step + l];
            total += static_cast<double>(p);
            if (j >= static_cast<std::size_t>(visible[l])) CHECK(p == 0.0F);
        }
        CHECK(total == doctest::Approx(1).epsilon(1e-5));
    }
    out.resize(lanes * dim);
    return out;
}

}  // namespace

TEST_CASE("a processor offers the portable kernels at least, and no others than its own") {
    auto const sets = usable_instruction_sets();
    CHECK(sets.front() == instruction_set::portable);
    CHECK(sets.back() == best_instruction_set());
    for (auto set : {instruction_set::avx2, instruction_set::avx512})
        if (std::find(sets.begin(), sets.end(), set) == sets.end()) CHECK_THROWS_AS((void)kernels_of(set), kvt::error);
}

TEST_CASE("products have one order of additions: bit for bit the plain loop, for every shape and instruction set") {
    for (auto const [outputs, inputs, rows] :
         {std::array{1, 1, 1}, {33, 7, 5}, {32, 256, 12}, {70, 300, 29}, {96, 515, 3}, {300, 515, 1}, {5, 64, 64}}) {
        CAPTURE(outputs);
        auto const n = static_cast<std::size_t>(outputs), k = static_cast<std::size_t>(inputs),
                   r = static_cast<std::size_t>(rows);
        auto const weights = noise(n * k, "w"), x = noise(r * (k + 3), "x");
        packed_matrix const w{weights, outputs, inputs};
        std::size_t const stride = static_cast<std::size_t>(w.padded_outputs()) + 16;
        for (auto const* kernels : all_kernels()) {
            std::vector<float> y(r * stride, 99.0F);
            kernels->multiply(w, x.data(), k + 3, rows, y.data(), stride);
            int wrong = 0;
            for (std::size_t i = 0; i < r; ++i)
                for (std::size_t o = 0; o < stride; ++o) {
                    float sum = 0;
                    for (std::size_t j = 0; j < k && o < n; ++j)
                        sum = std::fma(x[i * (k + 3) + j], weights[o * k + j], sum);
                    wrong +=
                        std::bit_cast<std::uint32_t>(y[i * stride + o]) !=
                        std::bit_cast<std::uint32_t>(o < static_cast<std::size_t>(w.padded_outputs()) ? sum : 99.0F);
                }
            CHECK(wrong == 0);
        }
    }
}

TEST_CASE("the exponential is within two units in the last place and the same everywhere") {
    std::vector<float> x(200'000), reference(x.size()), out(x.size());
    kvt::random_stream stream{1, "exp"};
    for (auto& v : x) v = static_cast<float>(stream.unit() * 180 - 92);
    x[0] = 0, x[1] = -0.0F, x[2] = -std::numeric_limits<float>::infinity(), x[3] = 88, x[4] = -87,
    x[5] = std::nextafter(-87.0F, -100.0F), x[6] = 1e30F;
    kernels_of(instruction_set::portable).exponential(x.data(), reference.data(), x.size());
    CHECK(reference[0] == 1.0F);
    CHECK(reference[1] == 1.0F);
    CHECK(reference[2] == 0.0F);
    CHECK(reference[5] == 0.0F);
    CHECK(reference[6] == reference[3]);
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
        if (x[i] >= -87 && x[i] <= 88) {
            double const exact = std::exp(static_cast<double>(x[i]));
            double const unit = static_cast<double>(std::nextafter(static_cast<float>(exact), 3e38F)) -
                                static_cast<double>(static_cast<float>(exact));
            worst = std::max(worst, std::abs(static_cast<double>(reference[i]) - exact) / unit);
        }
    MESSAGE("largest error: ", worst, " units in the last place");
    CHECK(worst < 2);
    for (auto const* kernels : all_kernels()) {
        kernels->exponential(x.data(), out.data(), x.size());
        CHECK(same_bits(out, reference));
    }
}

TEST_CASE("norm, rotation and SwiGLU are what they say, the same everywhere") {
    for (std::size_t const width :
         {std::size_t{2}, std::size_t{16}, std::size_t{20}, std::size_t{128}, std::size_t{141}}) {
        auto const x = noise(3 * width, "x", 5), gain = noise(width, "gain");
        std::vector<float> reference;
        for (auto const* kernels : all_kernels()) {
            std::vector<float> y(3 * width, 7.0F);
            kernels->rms_norm(x.data(), width, 3, gain, 1e-5F, y.data(), width);
            if (reference.empty()) reference = y;
            CHECK(same_bits(y, reference));
        }
        for (std::size_t r = 0; r < 3; ++r) {
            double squares = 0;
            for (std::size_t i = 0; i < width; ++i)
                squares += static_cast<double>(x[r * width + i]) * static_cast<double>(x[r * width + i]);
            for (std::size_t i = 0; i < width; ++i)
                CHECK(static_cast<double>(reference[r * width + i]) ==
                      doctest::Approx(static_cast<double>(gain[i]) * static_cast<double>(x[r * width + i]) /
                                      std::sqrt(squares / static_cast<double>(width) + 1e-5))
                          .epsilon(1e-5));
        }
    }
    for (std::size_t const half : {std::size_t{1}, std::size_t{5}, std::size_t{32}, std::size_t{40}}) {
        auto const x = noise(2 * half, "x"), angles = noise(half, "angles", 3);
        std::vector<float> c(half), s(half), reference;
        for (std::size_t i = 0; i < half; ++i) c[i] = std::cos(angles[i]), s[i] = std::sin(angles[i]);
        for (auto const* kernels : all_kernels()) {
            auto y = x;
            kernels->rotate(y.data(), c.data(), s.data(), static_cast<std::int32_t>(half));
            if (reference.empty()) reference = y;
            CHECK(same_bits(y, reference));
        }
        for (std::size_t i = 0; i < half; ++i) {
            CHECK(reference[i] == doctest::Approx(x[i] * c[i] - x[i + half] * s[i]).epsilon(1e-4));
            CHECK(reference[i + half] == doctest::Approx(x[i + half] * c[i] + x[i] * s[i]).epsilon(1e-4));
        }
    }
    auto gate = noise(64, "gate", 30), up = noise(64, "up");
    gate[0] = -1000, gate[1] = 1000;
    std::vector<float> reference;
    for (auto const* kernels : all_kernels()) {
        auto y = gate;
        kernels->swiglu(y.data(), up.data(), 64);
        if (reference.empty()) reference = y;
        CHECK(same_bits(y, reference));
    }
    for (std::size_t i = 0; i < 64; ++i)
        CHECK(static_cast<double>(reference[i]) ==
              doctest::Approx(static_cast<double>(gate[i]) / (1 + std::exp(-static_cast<double>(gate[i]))) *
                              static_cast<double>(up[i]))
                  .epsilon(1e-5));
}

TEST_CASE("attention is bit for bit the plain loop, for all lanes, widths and instruction sets") {
    for (std::size_t const dim : {std::size_t{2}, std::size_t{6}, std::size_t{24}, std::size_t{64}})
        for (std::size_t const lanes :
             {std::size_t{1}, std::size_t{3}, std::size_t{16}, std::size_t{17}, std::size_t{32}}) {
            std::size_t const slots = 75;
            auto const queries = noise(lanes * dim, "q", 2), keys = noise(slots * dim, "k", 2),
                       values = noise(slots * dim, "v");
            std::vector<std::int32_t> visible(lanes);
            for (std::size_t l = 0; l < lanes; ++l)
                visible[l] = static_cast<std::int32_t>(l == 0 ? 1 : slots - (lanes - 1 - l) * 2);
            std::vector<float> expected;
            for (std::size_t l = 0; l < lanes; ++l) {
                std::vector<bool> sees(slots, false);
                std::fill_n(sees.begin(), visible[l], true);
                auto const row = plain_attention(std::span{queries}.subspan(l * dim, dim), keys, values, sees);
                expected.insert(expected.end(), row.begin(), row.end());
            }
            for (auto const* kernels : all_kernels())
                CHECK(same_bits(run_attention(*kernels, queries, lanes, dim, keys, values, visible), expected));
        }
}

TEST_CASE("removing slots gives the bits of masking them out") {
    std::size_t const dim = 64, slots = 200;
    auto const query = noise(dim, "q", 2), keys = noise(slots * dim, "k", 2), values = noise(slots * dim, "v");
    kvt::random_stream stream{5, "kept"};
    for (std::uint64_t const tenth : {1, 5, 9}) {
        std::vector<bool> kept(slots);
        std::vector<float> kept_keys, kept_values;
        for (std::size_t j = 0; j < slots; ++j) {
            kept[j] = stream.below(10) < tenth;
            if (!kept[j]) continue;
            kept_keys.insert(kept_keys.end(), &keys[j * dim], &keys[j * dim] + dim);
            kept_values.insert(kept_values.end(), &values[j * dim], &values[j * dim] + dim);
        }
        auto const masked = plain_attention(query, keys, values, kept);
        std::vector<std::int32_t> const visible{static_cast<std::int32_t>(kept_keys.size() / dim)};
        for (auto const* kernels : all_kernels())
            CHECK(same_bits(run_attention(*kernels, query, 1, dim, kept_keys, kept_values, visible), masked));
    }
}

TEST_CASE("the same bits from every compiler") {
    for (auto const* kernels : all_kernels()) {
        kvt::sha256_stream hash;
        auto const add = [&](std::vector<float> const& values) {
            hash.update({reinterpret_cast<char const*>(values.data()), values.size() * sizeof(float)});
        };
        auto const x = noise(30 * 128, "x", 3), gain = noise(128, "gain");
        std::vector<float> normed(30 * 128), y(30 * 96);
        kernels->rms_norm(x.data(), 128, 30, gain, 1e-5F, normed.data(), 128);
        kernels->multiply(packed_matrix{noise(90 * 128, "w"), 90, 128}, normed.data(), 128, 30, y.data(), 96);
        auto gate = y;
        kernels->swiglu(gate.data(), y.data(), gate.size());
        add(gate);
        auto turned = x;
        kernels->rotate(turned.data(), gain.data(), normed.data(), 64);
        add(turned);
        std::vector<std::int32_t> visible(20);
        for (std::size_t l = 0; l < 20; ++l) visible[l] = static_cast<std::int32_t>(l + 181);
        add(run_attention(*kernels, noise(20 * 64, "q", 2), 20, 64, noise(200 * 64, "k", 2), noise(200 * 64, "v"),
                          visible));
        CHECK(hash.hex() == "74d5d082b95ac86acc7cb6399fc265a0f984198454ea76ec56aec6de5fbabb17");
    }
}
