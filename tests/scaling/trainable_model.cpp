#include <kvt/scaling/initialise.hpp>
#include <kvt/scaling/trainable_model.hpp>

#include "small_decoder.hpp"

#include <doctest/doctest.h>
#include <laws/trainable_model.hpp>

#include <cmath>

using namespace kvt::scaling;

namespace {

/// Somebody's own model: a polynomial fitted to points, half the mean squared error for a loss.
class polynomial {
  public:
    using real = double;
    struct batch {
        std::vector<double> x, y;
    };
    explicit polynomial(std::int64_t terms)
        : tensors_{{.name = "terms", .columns = terms, .dimensions = 1}}, terms_(static_cast<std::size_t>(terms), 0.1),
          slopes_(terms_.size()) {}

    [[nodiscard]] std::int64_t num_params() const { return tensors_[0].columns; }
    [[nodiscard]] std::vector<parameter> const& tensors() const { return tensors_; }
    std::vector<double>& parameters() { return terms_; }
    std::vector<double>& gradients() { return slopes_; }
    double loss(batch const& b) { return run(b, 0); }
    double loss_and_gradients(batch const& b) { return run(b, 1); }

  private:
    double run(batch const& b, double keep) {
        double sum = 0;
        for (std::size_t i = 0; i < b.x.size(); ++i) {
            double away = -b.y[i], power = 1;
            for (double t : terms_) away += t * power, power *= b.x[i];
            power = keep * away / static_cast<double>(b.x.size());
            for (double& s : slopes_) s += power, power *= b.x[i];
            sum += away * away / 2;
        }
        return sum / static_cast<double>(b.x.size());
    }
    std::vector<parameter> tensors_;
    std::vector<double> terms_, slopes_;
};

struct polynomials {
    polynomial operator()(std::int64_t size, std::int64_t) const { return polynomial{size}; }
};
struct without_gradients {
    using real = float;
    using batch = int;
    [[nodiscard]] std::int64_t num_params() const { return 1; }
    double loss(int) { return 0; }
};

static_assert(trainable_model<decoder<float>> && trainable_model<decoder<double>> && trainable_model<polynomial>);
static_assert(!trainable_model<without_gradients> && !trainable_model<int>);
static_assert(model_family<polynomials> && model_family<gpt_family> && !model_family<int>);

}  // namespace

TEST_CASE("decoders keep the laws of a trainable model") {
    for (auto const& shape : {small_decoder::tied(), small_decoder::gpt()}) {
        decoder<double> model{shape};
        small_decoder::randomise(model, 0.2);
        laws::check_trainable_model(model, small_decoder::batch(shape.vocab_size, 5, 300));
    }
    decoder<float> model{small_decoder::gpt()};
    small_decoder::randomise(model, 0.2);
    laws::check_trainable_model(model, small_decoder::batch(19, 3, 16));
}

TEST_CASE("somebody's own model keeps them too") {
    auto model = polynomials{}(4, 1);
    laws::check_trainable_model(model, {{0, 0.5, 1, 1.5}, {1, 2, 0, 3}});
}
