// Golden cases of the random streams and the bootstrap (spec N).
#include "replay.hpp"
#include "values.hpp"

#include <kvt/numeric/bootstrap.hpp>
#include <kvt/numeric/mt19937_stream.hpp>

#include <charconv>

namespace {

using golden::verdict;
using kvt::json;
using kvt::random_stream;
using kvt::numeric::bootstrap;

// 64-bit integers above 2^53 are written as decimal strings.
std::uint64_t unsigned_of(json const& value) {
    if (value.is_integer()) return static_cast<std::uint64_t>(value.integer());
    std::uint64_t out = 0;
    auto const& text = value.text();
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}
verdict same_unsigned(json const& expected, std::vector<std::uint64_t> const& actual) {
    for (std::size_t i = 0; i < actual.size(); ++i)
        if (unsigned_of(expected.items()[i]) != actual[i])
            return verdict::fail("draw " + std::to_string(i) + " is " + std::to_string(actual[i]));
    return verdict::pass();
}
random_stream stream_of(json const& in) { return {in.at("seed").integer(), in.at("label").text()}; }
bootstrap rule_of(json const& in) {
    return {.resamples = in.at("n_boot").integer(), .alpha = in.at("alpha").real(), .seed = in.at("seed").integer()};
}
json interval_json(std::optional<kvt::numeric::interval> const& range) {
    if (!range) return json::of({{"ci_low", nullptr}, {"ci_high", nullptr}});
    return json::of({{"ci_low", range->low}, {"ci_high", range->high}});
}

golden::suite const splitmix{"bootstrap", "splitmix64", [](json const& c, golden::file const&) {
                                 random_stream stream{unsigned_of(c.at("in").at("state"))};
                                 std::vector<std::uint64_t> draws(c.at("out").at("next_u64").size());
                                 for (auto& draw : draws) draw = stream.next();
                                 return same_unsigned(c.at("out").at("next_u64"), draws);
                             }};

golden::suite const derive{"bootstrap", "derive", [](json const& c, golden::file const&) {
                               auto const state = stream_of(c.at("in")).state();
                               return state == unsigned_of(c.at("out").at("state"))
                                          ? verdict::pass()
                                          : verdict::fail(std::to_string(state));
                           }};

golden::suite const below{"bootstrap", "below", [](json const& c, golden::file const&) {
                              auto stream = stream_of(c.at("in"));
                              std::vector<std::uint64_t> draws(c.at("out").at("draws").size());
                              for (auto& draw : draws) draw = stream.below(unsigned_of(c.at("in").at("n")));
                              return same_unsigned(c.at("out").at("draws"), draws);
                          }};

golden::suite const unit{"bootstrap", "unit", [](json const& c, golden::file const&) {
                             auto stream = stream_of(c.at("in"));
                             json units = json::list({});
                             for (std::size_t i = 0; i < c.at("out").at("units").size(); ++i)
                                 units.push_back(stream.unit());
                             return golden::same(c.at("out").at("units"), units, 0, 0);
                         }};

golden::suite const interval{"bootstrap", "kvt_ci", [](json const& c, golden::file const& source) {
                                 auto const& in = c.at("in");
                                 auto const values = golden::reals(in.at("values"));
                                 auto const rule = rule_of(in);
                                 json out = interval_json(rule.mean(values, in.at("label").text()));
                                 if (auto const means = rule.means(values, in.at("label").text());
                                     c.at("out").find("first_three_means"))
                                     out["first_three_means"] = json::list({means.at(0), means.at(1), means.at(2)});
                                 return golden::same(c.at("out"), out, source);
                             }};

golden::suite const indices{
    "bootstrap", "indices", [](json const& c, golden::file const&) {
        auto const [low, high] =
            bootstrap{.resamples = c.at("in").at("n_boot").integer(), .alpha = c.at("in").at("alpha").real()}
                .positions();
        return golden::same(c.at("out"), json::of({{"low_index", low}, {"high_index", high}}), 0, 0);
    }};

golden::suite const words{"bootstrap", "reference_mt19937", [](json const& c, golden::file const&) {
                              auto stream = kvt::numeric::mt19937_stream::keyed(c.at("in").at("seed").integer());
                              std::vector<std::uint64_t> draws(c.at("out").at("u32").size());
                              for (auto& draw : draws) draw = stream.next();
                              return same_unsigned(c.at("out").at("u32"), draws);
                          }};

golden::suite const choice{"bootstrap", "reference_choice", [](json const& c, golden::file const&) {
                               auto const seed = c.at("in").at("seed").integer();
                               auto stream = kvt::numeric::mt19937_stream::keyed(seed), raw = stream;
                               std::vector<std::uint64_t> draws(c.at("out").at("choice_indices").size());
                               for (auto& draw : draws)
                                   draw = stream.below(static_cast<std::uint32_t>(c.at("in").at("n").integer()));
                               auto const first = same_unsigned(c.at("out").at("raw_u32"), {raw.next()});
                               return first.difference.empty() ? same_unsigned(c.at("out").at("choice_indices"), draws)
                                                               : first;
                           }};

golden::suite const reference{
    "bootstrap", "reference_ci", [](json const& c, golden::file const& source) {
        auto const& in = c.at("in");
        auto rule = rule_of(in);
        rule.rng = kvt::numeric::generator::mt19937;
        return golden::same(c.at("out"), interval_json(rule.mean(golden::reals(in.at("values")), "")), source);
    }};

}  // namespace
