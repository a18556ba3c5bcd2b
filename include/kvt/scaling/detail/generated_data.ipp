#pragma once

#include <kvt/core/json.hpp>
#include <kvt/core/random.hpp>
#include <kvt/scaling/generated_data.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::scaling {

namespace detail {

struct generated_stream {
    generated_data how;
    std::string label;
    std::vector<double> reach;  ///< the chance of branch 0..k
    std::uint64_t pairs = random_stream{how.seed, "generated|pairs"}.state(),
                  singles = random_stream{how.seed, "generated|singles"}.state();

    [[nodiscard]] std::int64_t size() const { return 0; }
    [[nodiscard]] std::int64_t vocab_size() const { return how.vocab_size; }

    /// Squares of uniform numbers: low tokens are frequent.
    [[nodiscard]] std::int32_t token(std::uint64_t hash) const {
        double const u = static_cast<double>(hash >> 11) * 0x1.0p-53;
        return static_cast<std::int32_t>(u * u * static_cast<double>(how.vocab_size));
    }
    [[nodiscard]] std::int32_t follow(std::int32_t before, std::int32_t last, random_stream& draws) const {
        bool const loose = draws.unit() < how.loose;
        double const u = draws.unit();
        std::uint64_t branch = 0;
        while (branch + 1 < reach.size() && u >= reach[branch]) ++branch;
        auto const of = [](std::int32_t id) { return static_cast<std::uint64_t>(id); };
        auto const state = loose ? singles + of(last) : pairs + (of(before) << 20) + of(last);
        return token(random_stream{random_stream::mix(state)}.peek(branch));
    }

    [[nodiscard]] asked_batch read(std::int64_t position, std::int64_t sequences, std::int64_t length) const {
        asked_batch out{.tokens = {.length = static_cast<std::size_t>(length)}};
        for (std::int64_t s = 0; s < sequences; ++s) {
            random_stream draws{how.seed, label + std::to_string(position + s * length)};
            std::int32_t before = token(draws.next()), last = token(draws.next());
            for (std::int64_t t = 0; t < length; ++t) {
                out.tokens.ids.push_back(last);
                auto const next = follow(before, last, draws);
                out.tokens.targets.push_back(next);
                before = last, last = next;
            }
        }
        return out;
    }
};

}  // namespace detail

KVT_DECL token_reader generated_data::open(data_split split) const {
    auto const whole = [](char const* field, std::int64_t value, std::int64_t high) {
        if (value < 1 || value > high)
            throw error{error_kind::usage, std::string{"generated."} + field, std::to_string(value),
                        "1 to " + std::to_string(high)};
    };
    whole("vocab_size", vocab_size, 65536);
    whole("branches", branches, 64);
    if (!(loose >= 0 && loose <= 1)) throw error{error_kind::usage, "generated.loose", shortest(loose), "0..1"};
    detail::generated_stream stream{*this, split == data_split::training ? "train|" : "validation|", {}};
    double sum = 0;
    for (std::int64_t k = 1; k <= branches; ++k) stream.reach.push_back(sum += 1 / static_cast<double>(k));
    for (double& r : stream.reach) r /= sum;
    return stream;
}

KVT_DECL double generated_data::step_entropy() const {
    double sum = 0, out = 0;
    for (std::int64_t k = 1; k <= branches; ++k) sum += 1 / static_cast<double>(k);
    for (std::int64_t k = 1; k <= branches; ++k) {
        double const p = 1 / (static_cast<double>(k) * sum);
        for (double share : {loose, 1 - loose})
            if (share > 0) out -= share * p * std::log(share * p);
    }
    return out;
}

}  // namespace kvt::inline KVT_ABI::scaling
