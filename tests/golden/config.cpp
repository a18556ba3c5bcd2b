// Golden cases of the configuration: merge, environment, overrides, validation, YAML scalars, hashes (spec A).
#include "replay.hpp"

#include <kvt/config/hash.hpp>
#include <kvt/config/load.hpp>
#include <kvt/config/overrides.hpp>

namespace {

using golden::verdict;
using kvt::json;
namespace config = kvt::config;

/// Equal to the last digit and type: 1 and 1.0 differ here.
verdict exactly(json const& expected, json const& actual) {
    auto const wanted = dump(expected, kvt::json_style::canonical), got = dump(actual, kvt::json_style::canonical);
    return wanted == got ? verdict::pass() : verdict::fail("expected " + wanted + ", got " + got);
}

config::environment environment_of(json const& names) {
    config::variables own;
    for (auto const& [name, value] : names.members()) own.emplace(name, value.text());
    return config::environment{own};
}

json names_of(std::vector<config::unresolved_name> const& left) {
    json names = json::array{};
    for (auto const& one : left) names.push_back(one.name);
    return names;
}

std::vector<std::string> texts_of(json const& list) {
    std::vector<std::string> out;
    for (auto const& item : list.items()) out.push_back(item.text());
    return out;
}

golden::suite const merging{"config", "merge", [](json const& c, golden::file const&) {
    auto base = c.at("in").at("base");
    config::merge(base, c.at("in").at("override"));
    auto traced = c.at("in").at("base");
    config::provenance origins;
    config::merge(traced, c.at("in").at("override"), origins, [](std::string const&) { return "x"; });
    if (auto plain = exactly(c.at("out").at("merged"), base); !plain.difference.empty()) return plain;
    return exactly(base, traced);
}};

golden::suite const resolving{"config", "env", [](json const& c, golden::file const&) {
    auto value = c.at("in").at("value");
    auto const left = config::resolve_environment(value, environment_of(c.at("in").at("env")));
    return exactly(c.at("out"), json::of({{"resolved", value}, {"unresolved", names_of(left)}}));
}};

golden::suite const overriding{"config", "overrides", [](json const& c, golden::file const&) {
    json out;
    try {
        auto const all = config::parse_overrides(texts_of(c.at("in").at("args")));
        out = json::of({{"status", "OK"}, {"overrides", all}});
    } catch (kvt::error const& problem) {
        if (problem.kind() != kvt::error_kind::usage) throw;
        out = json::of({{"status", "OVERRIDE_ERROR"}});
    }
    return exactly(c.at("out").at("kvt"), out);
}};

json loaded_case(json const& in, json const& defaults) {
    config::document const base{defaults, "default.yaml", {}}, experiment{in.at("experiment"), "experiment.yaml", {}};
    try {
        auto const got = config::load_documents(base, experiment, texts_of(in.at("overrides")), environment_of(in.at("env")));
        if (got.errors.empty()) {
            auto out = json::of({{"status", "OK"}, {"config", got.resolved}, {"unresolved", names_of(got.unresolved)}});
            for (auto const& found : got.advice)
                if (found.key.find('.') == std::string::npos) out["unknown_top_level"].push_back(found.key);
            return out;
        }
        json errors = json::array{};
        for (auto const& found : got.errors) errors.push_back(json::list({found.key, kvt::name_of(found.code)}));
        return json::of({{"status", "INVALID"}, {"errors", errors}});
    } catch (kvt::error const& problem) {
        return json::of({{"status", problem.kind() == kvt::error_kind::usage ? "OVERRIDE_ERROR" : "TOP_LEVEL"}});
    }
}

golden::suite const loading{"config", "load", [](json const& c, golden::file const& source) {
    return exactly(c.at("out").at("kvt"), loaded_case(c.at("in"), source.document.at("defaults")));
}};

golden::suite const scalars{"config", "yaml_scalars", [](json const& c, golden::file const&) {
    return exactly(c.at("out").at("kvt"), config::parse_yaml(c.at("in").at("text").text()));
}};

golden::suite const hashes{"config", "hash", [](json const& c, golden::file const&) {
    return exactly(c.at("out").at("kvt_hash"), config::config_hash(c.at("in").at("config")));
}};

}  // namespace
