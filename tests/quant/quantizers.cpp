#include <kvt/core/random.hpp>
#include <kvt/quant/quantizers.hpp>
#include <laws/quantizer.hpp>

#include <doctest/doctest.h>

using namespace kvt::quant;

TEST_CASE("every registered quantizer keeps the laws, at every width") {
    int tried = 0;
    quantizers::each([&]<class Q>(std::string_view name, std::type_identity<Q>) {
        INFO(name);
        kvt::random_stream stream{17, name};
        for (int round = 0; round < 300; ++round) {
            std::vector<float> values(1 + stream.below(40));
            double const spread = std::exp2(static_cast<double>(stream.below(30)) - 15), centre = stream.unit() - 0.5;
            for (auto& v : values) v = static_cast<float>((stream.unit() - 0.5 + centre) * spread);
            Q q;
            q.bits = 2 << stream.below(3);
            laws::quantizer(q, values);
            ++tried;
        }
    });
    CHECK(tried == 2 * 300);
}
