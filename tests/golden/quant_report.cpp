// Golden cases of the quantization report: JSON, page and interpretation from given parameters.
#include "replay.hpp"
#include "values.hpp"

#include <kvt/quant/baseline_page.hpp>
#include <kvt/report/html.hpp>

#include <algorithm>

namespace {

namespace quant = kvt::quant;
using golden::verdict;
using kvt::json;

std::size_t count(std::string const& text, std::string_view what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
    return found;
}

quant::baseline_metrics metrics_of(json const& input, json const& options) {
    quant::baseline_metrics m;
    m.model_name = input.at("model_name").text();
    m.bit_width = input.at("bit_width").integer();
    m.num_time_groups = input.at("num_time_groups").integer();
    m.cosine_similarity = input.at("cosine_similarity").real();
    m.compression_ratio = input.at("compression_ratio").real();
    m.model_size_mb = input.at("model_size_mb").real();
    m.quantization_time_s = input.at("quantization_time_s").real();
    quant::headline const metric{options.at("threshold").real(), options.at("zp_norm").real()};
    quant::describe_smoothness(m, metric(golden::reals(input.at("scale")), golden::reals(input.at("zero_point"))));
    return m;
}

// The fields of the format alone, and that they come first and in its order.
verdict json_matches(json const& expected, json const& got, golden::file const& source, double rel, double abs) {
    json head = json::object{};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        auto const& [key, value] = got.members()[i];
        if (key != expected.members()[i].first) return verdict::fail("field " + std::to_string(i) + " is " + key);
        head[key] = value;
    }
    (void)source;
    return golden::same(expected, head, rel, abs);
}

std::string page_difference(json const& expected, std::string const& page, std::size_t violations) {
    std::string const tones[][2] = {{"green", "verdict good"}, {"amber", "verdict caution"}, {"red", "verdict danger"}};
    for (auto const& [colour, mark] : tones)
        if ((expected.at("colour").text() == colour) != (page.find(mark) != std::string::npos))
            return "the colour is not " + expected.at("colour").text();
    for (auto const& text : expected.at("must_contain").items())
        if (page.find(text.text()) == std::string::npos) return "the page lacks " + text.text();
    for (auto const& text : expected.at("must_not_contain").items())
        if (page.find(text.text()) != std::string::npos) return "the page holds " + text.text();
    auto const body = page.find("<tbody>");
    auto const rows =
        body == std::string::npos ? 0 : count(page.substr(body, page.find("</tbody>", body) - body), "<tr>");
    if (static_cast<std::int64_t>(rows) != expected.at("violation_rows").integer() || rows != violations)
        return "the table has " + std::to_string(rows) + " rows";
    return {};
}

verdict report_case(json const& c, golden::file const& source) {
    auto const m = metrics_of(c.at("input"), c.at("options"));
    auto const& expected = c.at("expected");
    auto const& tolerance = c.at("tolerance");
    double const rel = tolerance.at("rel").real(), abs = tolerance.at("abs").real();
    auto const as_json = kvt::parse_json(kvt::dump(quant::to_valid_json(m)));
    if (auto v = json_matches(expected.at("json"), as_json, source, rel, abs); !v.difference.empty()) return v;
    if (auto v = golden::same(expected.at("interpretation"), kvt::to_json(m.interpretation), rel, abs);
        !v.difference.empty())
        return v;
    auto const page = kvt::report::html{}.render(quant::baseline_page(m));
    auto const why = page_difference(expected.at("html"), page, m.violations.size());
    return why.empty() ? verdict::pass() : verdict::fail(why);
}

golden::suite const reports{"markov.report", "cases", report_case};

}  // namespace
