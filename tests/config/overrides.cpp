#include <kvt/config/overrides.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

using namespace kvt;

namespace {
std::string refused(std::vector<std::string> const& arguments) {
    auto const e = error_of([&] { (void)config::parse_overrides(arguments); });
    REQUIRE(e);
    CHECK(e->kind() == error_kind::usage);
    CHECK(e->exit_code() == 2);
    return e->what();
}
}  // namespace

TEST_CASE("override values are typed") {
    std::vector<std::string> const given{
        "kv.policies=[snapkv, {name: h2o, recent: 3}]", "a= 5 ", "b=\"5\"", "c=a: b", "d=*x", "e=x # y"};
    CHECK(dump(config::parse_overrides(given)) ==
          R"({"kv":{"policies":["snapkv",{"name":"h2o","recent":3}]},"a":5,"b":"5","c":"a: b","d":"*x","e":"x # y"})");
}

TEST_CASE("a malformed override is named") {
    CHECK(refused({"novalue"}) == "--override novalue: no value; expected KEY=VALUE");
    CHECK(refused({"a..b=1"}) == "--override a..b: an empty part in the key; expected SECTION.KEY=VALUE");
    CHECK(refused({"=1"}) == "--override : an empty part in the key; expected SECTION.KEY=VALUE");
    CHECK(refused({"a=1", "a.b=2"}) == "--override a.b: goes below an earlier override that is an integer");
    CHECK(refused({"a=[1,"}).starts_with("--override a: a mapping or list as a key, or a bracket that is not closed"));
    CHECK(refused({"a='x"}).starts_with("--override a: not YAML"));
}
