// Golden cases of the report's numbers and prerequisites (spec Q).
#include "replay.hpp"

#include <kvt/core/format_number.hpp>
#include <kvt/harness/integrity.hpp>
#include <kvt/harness/prerequisites.hpp>

namespace {

using golden::verdict;
using kvt::json;
namespace harness = kvt::harness;

json row(std::string const& label, std::int64_t count, std::string const& share) {
    return json::list({label, count, share});
}

// The cases come from the reference, whose only failures are failure rows and whose blanks are U+0020.
golden::suite const integrity{"report", "integrity", [](json const& c, golden::file const& source) {
    std::vector<harness::request_check> requests;
    for (auto const& r : c.at("in").at("requests").items()) {
        auto& check = requests.emplace_back();
        if (auto const* text = r.find("response_text")) {
            check.responded = true;
            if (!text->is_null()) check.text = text->text();
        }
        if (auto const* failure = r.find("failure")) check.label = failure->text(), check.failed = true;
        check.telemetry = r.at("telemetry").boolean();
    }
    auto const summary = harness::summarise_integrity(requests, harness::blank_rule::spaces);
    if (summary.band == harness::integrity_band::no_requests)
        return golden::same(c.at("out"), json::of({{"rows", json::list({})}, {"status", kvt::name_of(summary.band)}}),
                            source);
    json rows =
        json::list({row("empty_outputs", summary.empty_outputs, summary.share(summary.empty_outputs)),
                    row("failures", summary.failures, summary.share(summary.failures)),
                    row("missing_telemetry", summary.missing_telemetry, summary.share(summary.missing_telemetry))});
    for (auto const& line : summary.labels) rows.push_back(row("type:" + line.label, line.count, line.share));
    double const rate = 100 * static_cast<double>(summary.failures) / static_cast<double>(summary.total);
    return golden::same(c.at("out"), json::of({{"rows", rows}, {"total_requests", summary.total},
                                               {"band", kvt::name_of(summary.band)},
                                               {"failure_rate_text", kvt::fixed(rate, 1)}}), source);
}};

golden::suite const format{"report", "format", [](json const& c, golden::file const& source) {
    double const v = c.at("in").at("value").real();
    return golden::same(
        c.at("out"), json::of({{"f3", kvt::fixed(v, 3)}, {"f2", kvt::fixed(v, 2)}, {"f1", kvt::fixed(v, 1)}}), source);
}};

golden::suite const prerequisites{"report", "prerequisites", [](json const& c, golden::file const& source) {
    auto const& in = c.at("in");
    harness::report_inputs inputs{in.at("db").boolean(), in.at("bin_stats").integer()};
    inputs.scored = in.at("scored").integer();
    if (!in.at("plots").is_null()) {
        inputs.plots.emplace();
        for (auto const& plot : in.at("plots").items()) inputs.plots->push_back(plot.text());
    }
    auto const found = harness::check_report_inputs(
        inputs, in.at("allow_partial").boolean() ? harness::completeness::partial : harness::completeness::whole);
    return golden::same(c.at("out"), kvt::to_json(found), source);
}};

}  // namespace
