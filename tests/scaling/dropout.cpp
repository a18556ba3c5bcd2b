#include "gradient_check.hpp"
#include "small_decoder.hpp"

#include <kvt/scaling/dropout.hpp>

#include <algorithm>

using namespace kvt::scaling;

TEST_CASE("a share of units is dropped, the rest makes up for it, and the same key drops the same") {
    dropout const drop{0.3, 7};
    std::vector<double> a(100'000, 1.0), b(1000, 1.0);
    drop.apply(std::span{a}, 0);
    double sum = 0;
    for (double v : a) sum += v;
    auto const dropped = std::ranges::count(a, 0.0);
    CHECK(std::abs(static_cast<double>(dropped) - 30'000) < 600);
    CHECK(sum == doctest::Approx(100'000).epsilon(0.01));
    drop.apply(std::span{b}, 500);
    CHECK(std::equal(b.begin(), b.end(), a.begin() + 500));
    std::vector<double> c(1000, 1.0);
    drop.at(1).apply(std::span{c}, 500);
    CHECK(b != c);
    CHECK_FALSE(dropout{}.active());
    dropout{0, 3}.apply(std::span{c}, 0);
}

TEST_CASE("attention's gradients are the derivatives where weights are dropped") {
    causal_attention<double> const layer{4, 2, 6};
    std::size_t const length = 61;
    auto qkv = gradient_check::noise(length * layer.qkv_width(), "qkv", 2);
    auto const by = gradient_check::noise(length * layer.out_width(), "by");
    std::vector<double> out(by.size()), whole(by.size()), log_sums(length * 4), d_qkv(qkv.size());
    attention_scratch<double> scratch;
    dropout const drop{0.4, 11};
    auto const loss = [&] {
        layer.forward(qkv, out, log_sums, scratch, drop);
        return gradient_check::weighted(out, by);
    };
    (void)loss();
    layer.forward(qkv, whole, log_sums, scratch);
    CHECK(whole != out);
    (void)loss();
    layer.backward(qkv, out, log_sums, by, d_qkv, scratch, drop);
    gradient_check::agree(qkv, d_qkv, loss, 11);
}

TEST_CASE("a decoder's gradients are the derivatives where units are dropped") {
    auto shape = small_decoder::gpt();
    shape.dropout = 0.25;
    decoder<double> model{shape};
    small_decoder::randomise(model);
    auto const b = small_decoder::batch(shape.vocab_size, 3, 12);
    model.drop_by(5);
    double const dropped = model.loss_and_gradients(b);
    std::vector<double> const found(model.gradients().begin(), model.gradients().end());
    CHECK(dropped != model.loss(b));
    for (auto const& t : model.tensors()) {
        INFO(t.name);
        gradient_check::agree(
            t.of(model.parameters()), t.of(std::span<double const>{found}), [&] { return model.loss_and_gradients(b); },
            t.size() > 40 ? 7 : 1, 1e-5);
    }
}

TEST_CASE("what is dropped depends on the key, not on threads") {
    auto shape = small_decoder::tied();
    shape.dropout = 0.1;
    auto const b = small_decoder::batch(23, 13, 256);
    auto const loss = [&](std::uint64_t key, std::int64_t threads) {
        kvt::exec::thread_executor const several{threads};
        decoder<float> model{shape};
        small_decoder::randomise(model);
        model.run_on(several);
        model.drop_by(key);
        return model.loss_and_gradients(b);
    };
    CHECK(loss(1, 1) == loss(1, 3));
    CHECK(loss(1, 1) != loss(2, 1));
}
