#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/harness/integrity.hpp>
#include <kvt/text/unicode.hpp>

#include <map>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL std::string integrity_summary::share(std::int64_t count) const {
    return percent(static_cast<double>(count), static_cast<double>(total));
}

KVT_DECL std::int64_t integrity_summary::labelled(std::string_view label) const {
    for (auto const& line : labels)
        if (line.label == label) return line.count;
    return 0;
}

KVT_DECL integrity_summary summarise_integrity(std::span<request_check const> requests, blank_rule rule) {
    auto const blank = [rule](std::optional<std::string> const& text) {
        if (!text) return true;
        return rule == blank_rule::whitespace ? text::trim(*text).empty()
                                              : text->find_first_not_of(' ') == std::string::npos;
    };
    integrity_summary out{.total = static_cast<std::int64_t>(requests.size())};
    std::map<std::string, std::int64_t> counts;
    for (auto const& request : requests) {
        out.failures += request.failed;
        out.empty_outputs += request.responded && blank(request.text);
        out.missing_telemetry += !request.telemetry;
        if (request.label) ++counts[request.label->empty() ? "(empty)" : *request.label];
    }
    for (auto const& [label, count] : counts) out.labels.push_back({label, count, out.share(count)});
    if (out.total == 0) return out;
    double const rate = 100 * static_cast<double>(out.failures) / static_cast<double>(out.total);
    out.band = rate > 10 ? integrity_band::high : rate > 5 ? integrity_band::moderate : integrity_band::low;
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
