// y = l + k x^a by variable projection.
#pragma once

#include <kvt/scaling/detail/law_fit.ipp>

#include <set>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

/// The best l >= 0 and c >= 0 of y ~ l + c t for one exponent, t = (x / geometric mean)^a.
struct projection {
    double sse = 0, l = 0, c = 0;
};
class projected_offset {
  public:
    projected_offset(std::span<double const> x, std::span<double const> y) : y_{y}, t_(x.size()) {
        for (double const v : x)
            log_x_.push_back(std::log(v)), log_mean_ += std::log(v) / static_cast<double>(x.size());
        for (double const v : y) mean_y_ += v / static_cast<double>(y.size());
    }
    [[nodiscard]] double log_mean() const { return log_mean_; }
    [[nodiscard]] double mean_y() const { return mean_y_; }

    [[nodiscard]] projection operator()(double a) {
        double const n = static_cast<double>(y_.size());
        double mean_t = 0, stt = 0, sty = 0, tt = 0, ty = 0;
        for (std::size_t i = 0; i < t_.size(); ++i) {
            t_[i] = std::exp(a * (log_x_[i] - log_mean_));
            mean_t += t_[i] / n, tt += t_[i] * t_[i], ty += t_[i] * y_[i];
        }
        for (std::size_t i = 0; i < t_.size(); ++i) {
            stt += (t_[i] - mean_t) * (t_[i] - mean_t);
            sty += (t_[i] - mean_t) * (y_[i] - mean_y_);
        }
        auto const without_l = valued(0, std::max(0.0, ty / tt)), without_c = valued(std::max(0.0, mean_y_), 0);
        auto best = without_l.sse <= without_c.sse ? without_l : without_c;
        if (stt > 0) {
            double const c = sty / stt, l = mean_y_ - c * mean_t;
            if (c >= 0 && l >= 0)
                if (auto const inside = valued(l, c); inside.sse < best.sse) best = inside;
        }
        return best;
    }

  private:
    [[nodiscard]] projection valued(double l, double c) const {
        projection out{0, l, c};
        for (std::size_t i = 0; i < t_.size(); ++i) {
            double const r = y_[i] - l - c * t_[i];
            out.sse += r * r;
        }
        return out;
    }
    std::span<double const> y_;
    std::vector<double> log_x_{}, t_;
    double log_mean_ = 0, mean_y_ = 0;
};

/// The least of a function with one minimum between `low` and `high`, by golden section, to 1e-12.
template <class F> double golden_section(F&& f, double low, double high) {
    double const ratio = (std::sqrt(5.0) - 1) / 2;
    double a = high - ratio * (high - low), b = low + ratio * (high - low), fa = f(a), fb = f(b);
    while (high - low > 1e-12) {
        if (fa <= fb) {
            high = b, b = a, fb = fa, a = high - ratio * (high - low), fa = f(a);
        } else {
            low = a, a = b, fa = fb, b = low + ratio * (high - low), fb = f(b);
        }
    }
    return (low + high) / 2;
}

}  // namespace detail

KVT_DECL law_fit offset_law::operator()(std::span<double const> x, std::span<double const> y) const {
    detail::require_spread(x);
    if (detail::constant(y) || std::set<double>(x.begin(), x.end()).size() < 3) {
        auto out = loglog{}(x, y);
        out.law.l_inf = 0;
        return out;
    }
    detail::projected_offset fit{x, y};
    constexpr int steps = 3000;
    auto const exponent = [](int i) { return -1 + 0.001 * i; };
    std::vector<double> sse;
    for (int i = 0; i <= steps; ++i) sse.push_back(fit(exponent(i)).sse);
    std::vector<int> minima;
    for (int i = 0; i <= steps; ++i)
        if ((i == 0 || sse[static_cast<std::size_t>(i)] <= sse[static_cast<std::size_t>(i - 1)]) &&
            (i == steps || sse[static_cast<std::size_t>(i)] <= sse[static_cast<std::size_t>(i + 1)]))
            minima.push_back(i);
    std::ranges::stable_sort(minima, {}, [&](int i) { return sse[static_cast<std::size_t>(i)]; });
    if (minima.size() > 5) minima.resize(5);
    double best_a = exponent(minima.front());
    auto best = fit(best_a);
    for (int const i : minima) {
        double const a = detail::golden_section([&](double at) { return fit(at).sse; }, exponent(std::max(0, i - 1)),
                                                exponent(std::min(steps, i + 1)));
        if (auto const here = fit(a); here.sse < best.sse) best = here, best_a = a;
    }
    law_fit out{.sse = best.sse, .n_points = static_cast<std::int64_t>(x.size())};
    for (double const v : y) out.sst += (v - fit.mean_y()) * (v - fit.mean_y());
    out.law.exponent_a = best_a, out.law.l_inf = best.l;
    out.law.coefficient_k = best.c * std::exp(-best_a * fit.log_mean());
    out.log10_k = std::log10(out.law.coefficient_k);
    out.law.r_squared = out.sst == 0 ? 0 : 1 - out.sse / out.sst;
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
