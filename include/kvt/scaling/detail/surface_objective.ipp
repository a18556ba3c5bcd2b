#pragma once

#include <kvt/scaling/detail/surface_kernels.ipp>
#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/surface_objective.hpp>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

inline surface_columns columns_of(surface_objective const& of) {
    auto const columns = of.columns();
    return {columns[0].data(), columns[1].data(), columns[2].data(), columns[3].data(), columns[0].size()};
}
template <double (*Value)(surface_columns const&, double const*, double, double*)>
double surface_value_of(surface_objective const& of, double const* theta, double* gradient) {
    return Value(columns_of(of), theta, of.delta(), gradient);
}

}  // namespace detail

KVT_DECL surface_objective::surface_objective(std::span<run_point const> points, double delta,
                                              std::span<double const> weights, instruction_set kernels)
    : count_{points.size()}, delta_{delta}, set_{kernels} {
    check_usable(kernels);
    if (points.empty())
        throw scaling_error{fault::too_few_points, "parametric fit", "there are no runs", "at least one"};
    if (!(delta > 0))
        throw scaling_error{fault::invalid_option, "parametric.delta", "is not above 0", "a number above 0"};
    std::size_t const padded = (count_ + 7) / 8 * 8;
    for (auto* column : {&log_n_, &log_d_, &log_l_, &weight_}) column->assign(padded, 0);
    for (std::size_t i = 0; i < count_; ++i) {
        auto const& p = points[i];
        bool const fits = p.model_size > 0 && p.num_tokens > 0 && p.final_loss > 0 && std::isfinite(p.model_size) &&
                          std::isfinite(p.num_tokens) && std::isfinite(p.final_loss);
        if (!fits)
            throw scaling_error{fault::invalid_option, "run " + std::to_string(i),
                                "its N, D and loss are not all finite and above 0"};
        log_n_[i] = std::log(p.model_size), log_d_[i] = std::log(p.num_tokens), log_l_[i] = std::log(p.final_loss);
        weight_[i] = weights.empty() ? 1 : weights[i];
    }
    value_ = &detail::surface_value_of<detail::surface_portable::surface_value>;
#if KVT_KERNELS_X86
    if (set_ == instruction_set::avx2) value_ = &detail::surface_value_of<detail::surface_avx2::surface_value>;
    if (set_ == instruction_set::avx512) value_ = &detail::surface_value_of<detail::surface_avx512::surface_value>;
#endif
}

KVT_DECL double surface_objective::operator()(surface_theta const& theta) const {
    return value_(*this, theta.all().data(), nullptr);
}
KVT_DECL double surface_objective::operator()(surface_theta const& theta, std::array<double, 5>& gradient) const {
    return value_(*this, theta.all().data(), gradient.data());
}
KVT_DECL surface_objective surface_objective::weighted(std::span<double const> weights) const {
    auto out = *this;
    for (std::size_t i = 0; i < count_; ++i) out.weight_[i] = weights[i];
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
