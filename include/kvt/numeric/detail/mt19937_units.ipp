#pragma once

#include <kvt/numeric/mt19937_units.hpp>

#include <cmath>
#include <random>
#include <utility>

namespace kvt::inline KVT_ABI::numeric {

struct mt19937_units::engine {
    std::mt19937 draw;
};

KVT_DECL mt19937_units::mt19937_units(std::uint32_t seed)
    : engine_{std::make_unique<engine>(engine{std::mt19937{seed}})} {}
KVT_DECL mt19937_units::mt19937_units(mt19937_units const& other)
    : engine_{std::make_unique<engine>(*other.engine_)}, kept_{other.kept_} {}
KVT_DECL mt19937_units& mt19937_units::operator=(mt19937_units const& other) {
    *engine_ = *other.engine_;
    kept_ = other.kept_;
    return *this;
}
KVT_DECL mt19937_units::~mt19937_units() = default;

KVT_DECL double mt19937_units::unit() {
    auto const a = static_cast<std::uint32_t>(engine_->draw()) >> 5,
               b = static_cast<std::uint32_t>(engine_->draw()) >> 6;
    return (a * 67108864.0 + b) / 9007199254740992.0;
}

KVT_DECL double mt19937_units::normal() {
    if (kept_) return *std::exchange(kept_, std::nullopt);
    for (;;) {
        double const x1 = 2 * unit() - 1, x2 = 2 * unit() - 1, r2 = x1 * x1 + x2 * x2;
        if (!(r2 > 0 && r2 < 1)) continue;
        double const f = std::sqrt(-2 * std::log(r2) / r2);
        kept_ = f * x1;
        return f * x2;
    }
}

}  // namespace kvt::inline KVT_ABI::numeric
