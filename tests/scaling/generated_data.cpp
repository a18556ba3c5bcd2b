#include "../laws/token_source.hpp"

#include <kvt/scaling/generated_data.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

#include <cmath>
#include <map>

using namespace kvt;
using namespace kvt::scaling;

TEST_CASE("generated text meets the laws") { laws::check_token_source(generated_data{}); }

TEST_CASE("what follows a pair is worth knowing: its entropy lies below the bound and below that of single tokens") {
    generated_data const how{.vocab_size = 12, .branches = 3, .loose = 0.25};
    auto const batch = how.open(data_split::training).read(0, 200, 500).tokens;
    std::map<std::int32_t, double> singles;
    std::map<std::pair<std::int32_t, std::int32_t>, std::map<std::int32_t, double>> pairs;
    double n = 0;
    for (std::size_t i = 0; i + 1 < batch.ids.size(); ++i) {
        if (i % 500 == 0) continue;
        ++singles[batch.targets[i]];
        ++pairs[{batch.ids[i - 1], batch.ids[i]}][batch.targets[i]];
        ++n;
    }
    double unconditional = 0, conditional = 0;
    for (auto const& [id, count] : singles) unconditional -= count / n * std::log(count / n);
    for (auto const& [pair, counts] : pairs) {
        double all = 0;
        for (auto const& [id, count] : counts) all += count;
        for (auto const& [id, count] : counts) conditional -= count / n * std::log(count / all);
    }
    CHECK(conditional <= how.step_entropy());
    CHECK(conditional > 0.3 * how.step_entropy());
    CHECK(unconditional > conditional + 0.4);
}

TEST_CASE("what is out of range is refused by name") {
    auto const says = [](generated_data const& how) { return refusal([&] { (void)how.open(data_split::training); }); };
    CHECK(holds(says({.vocab_size = 0}), "generated.vocab_size"));
    CHECK(holds(says({.branches = 65}), "generated.branches"));
    CHECK(holds(says({.loose = -0.1}), "generated.loose"));
}
