#include <doctest/doctest.h>
#include <kvt/core/context.hpp>
#include <kvt/core/pipeline.hpp>

#include <memory>
#include <string>

namespace {

/// What a stage may not be copied into or out of.
struct parcel {
    std::unique_ptr<std::string> trail;
};

struct open {
    using stage_concept = kvt::stage_tag;
    static constexpr std::string_view name = "open";
    std::string word;
    parcel operator()(kvt::run_context&, kvt::start) const { return {std::make_unique<std::string>(word)}; }
};
struct add {
    using stage_concept = kvt::stage_tag;
    static constexpr std::string_view name = "add";
    char letter;
    parcel operator()(kvt::run_context& context, parcel in) const {
        *in.trail += letter;
        context.wrote(std::string(1, letter));
        return in;
    }
};
struct measure {
    using stage_concept = kvt::stage_tag;
    static constexpr std::string_view name = "measure";
    std::size_t operator()(kvt::run_context&, parcel const& in) const { return in.trail->size(); }
};
struct failing {
    using stage_concept = kvt::stage_tag;
    static constexpr std::string_view name = "failing";
    parcel operator()(kvt::run_context&, parcel const&) const {
        throw kvt::error{kvt::error_kind::work, "failing", "stopped"};
    }
};

}  // namespace

TEST_CASE("stages run once each, in order, on what the one before made") {
    kvt::pipeline const line{open{"x"}, add{'a'}, add{'b'}, add{'c'}};
    static_assert(std::same_as<decltype(line)::output, parcel>);
    kvt::run_context context;
    CHECK(*line(context).trail == "xabc");
    CHECK(context.written() == std::vector<std::string>{"a", "b", "c"});
    CHECK(*line(context).trail == "xabc");  // a pipeline is a value: again from the start
    CHECK(*line(kvt::run_context{}).trail == "xabc");
}

TEST_CASE("the output is what the last stage makes") {
    kvt::pipeline const line{open{"abc"}, add{'d'}, measure{}};
    static_assert(std::same_as<decltype(line)::output, std::size_t>);
    kvt::run_context context;
    CHECK(line(context) == 4);
    CHECK(std::get<1>(line.stages()).letter == 'd');
}

TEST_CASE("an exception ends the run where it was thrown") {
    kvt::pipeline const line{open{"x"}, add{'a'}, failing{}, add{'b'}};
    kvt::run_context context;
    CHECK_THROWS_WITH_AS((void)line(context), "failing: stopped", kvt::error);
    CHECK(context.written() == std::vector<std::string>{"a"});
}
