#include "quant_study.hpp"

#include <kvt/core/format_number.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/quant/suites.hpp>
#include <kvt/quant/time_groups.hpp>

#include <fmt/core.h>

#include <algorithm>

namespace cli {

namespace quant = kvt::quant;
using kvt::report::cell_align;

namespace {

std::vector<quant::suite_kind> suites_of(quant_options const& q) {
    if (q.suites.empty())
        return {quant::suite_kind::ramp, quant::suite_kind::irregular, quant::suite_kind::near_constant};
    std::vector<quant::suite_kind> out;
    for (auto const& name : q.suites) {
        auto const kind = kvt::choice_of<quant::suite_kind>(name);
        if (!kind)
            throw kvt::error{kvt::error_kind::usage, "--suite " + name, "no such suite",
                             "ramp, irregular or near_constant"};
        out.push_back(*kind);
    }
    return out;
}

std::string cell(spread const& s, int digits) {
    auto const mean = kvt::fixed(s.mean, digits);
    if (s.least == s.greatest) return mean;
    return mean + " [" + kvt::fixed(s.least, digits) + ", " + kvt::fixed(s.greatest, digits) + "]";
}

}  // namespace

std::vector<subject> subjects_of(quant_options const& q) {
    if (!q.model.empty()) {
        quant::check_time_groups(q.num_time_groups);
        auto const source = quant::open_model(q.model);
        return {{source.name(), {quant::split_model(source, q.num_time_groups)}}};
    }
    std::vector<subject> out;
    for (auto const kind : suites_of(q)) {
        subject s{std::string{kvt::name_of(kind)}, {}};
        for (std::int64_t seed = 1; seed <= q.seeds; ++seed) {
            auto const drawn = quant::draw_suite(kind, seed);
            s.draws.push_back({quant::split_tensor::of(s.name, drawn.view(8))});
        }
        out.push_back(std::move(s));
    }
    return out;
}

std::vector<std::int32_t> widths_of(quant_options const& q) {
    std::vector<std::int32_t> out;
    for (auto const bits : q.bits) {
        quant::check_bits(bits);
        out.push_back(static_cast<std::int32_t>(bits));
    }
    return out;
}

spread spread_of(policy_results const& rows, double (*figure)(quant::policy_result const&)) {
    spread out{figure(rows.front()), 0, figure(rows.front())};
    for (auto const& r : rows) {
        double const v = figure(r);
        out.least = std::min(out.least, v), out.greatest = std::max(out.greatest, v);
        out.mean += v / static_cast<double>(rows.size());
    }
    return out;
}
double score(quant::policy_result const& r) { return r.smoothness_score; }
double bounded_score(quant::policy_result const& r) { return r.smoothness_score_bounded; }
double violations(quant::policy_result const& r) { return static_cast<double>(r.violation_count); }
double held_out_cosine(quant::policy_result const& r) { return r.held_out_cosine; }
double held_out_sqnr(quant::policy_result const& r) { return r.held_out_sqnr_db.value_or(0); }

policy_results rows_of(policy_results const& all, std::string const& subject, std::int64_t bits,
                       std::string const& policy) {
    policy_results out;
    std::ranges::copy_if(all, std::back_inserter(out), [&](quant::policy_result const& r) {
        return r.subject == subject && r.bits == bits && r.policy == policy;
    });
    return out;
}

kvt::report::table method_table(std::string caption) {
    kvt::report::table out{.caption = std::move(caption), .columns = {{"method"}}};
    for (auto const* label : {"smoothness", "bounded", "violations", "held-out cosine", "held-out SQNR (dB)"})
        out.columns.push_back({label, cell_align::right});
    return out;
}

std::vector<std::string> method_cells(std::string const& label, policy_results const& rows) {
    return {label,
            cell(spread_of(rows, score), 3),
            cell(spread_of(rows, bounded_score), 3),
            cell(spread_of(rows, violations), 1),
            cell(spread_of(rows, held_out_cosine), 4),
            cell(spread_of(rows, held_out_sqnr), 2)};
}

void write_and_say(std::string const& path, std::string const& bytes, bool as_json) {
    kvt::write_file(path, bytes);
    fmt::print(as_json ? stderr : stdout, "wrote {}\n", path);
}

}  // namespace cli
