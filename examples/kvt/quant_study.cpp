#include "quant_study.hpp"

#include "files.hpp"

#include <kvt/core/format_number.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/quant/smoothness.hpp>

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
        if (std::ranges::find(out, *kind) == out.end()) out.push_back(*kind);
    }
    return out;
}

std::vector<std::int32_t> widths_of(quant_options const& q) {
    std::vector<std::int32_t> out;
    for (auto const bits : q.bits) {
        quant::check_bits(bits);
        if (std::ranges::find(out, bits) == out.end()) out.push_back(static_cast<std::int32_t>(bits));
    }
    return out;
}

std::string cell(spread const& s, int digits) {
    auto const mean = kvt::fixed(s.mean, digits);
    if (s.least == s.greatest) return mean;
    return mean + " [" + kvt::fixed(s.least, digits) + ", " + kvt::fixed(s.greatest, digits) + "]";
}

}  // namespace

policy_study::policy_study(quant_options const& q, std::vector<std::string> const& output_files)
    : threshold_{q.smoothness_threshold}, repetitions_{q.repetitions}, widths_{widths_of(q)} {
    quant::headline{threshold_}.check();
    if (!q.output.empty())
        for (auto const& file : output_files) require_writable({"a table in --output", q.output + "/" + file});
    if (!q.model.empty()) {
        auto const source = quant::open_model(q.model);
        source_ = source.path();
        model_.emplace(source, q.num_time_groups);
        subjects_.push_back({source.name()});
        return;
    }
    source_ = "suites";
    suites_ = suites_of(q);
    for (auto const kind : suites_)
        subjects_.push_back({std::string{kvt::name_of(kind)}, static_cast<std::size_t>(q.seeds)});
}

void policy_study::run(kvt::run_context& context, std::span<quant::named_policy const> policies) {
    labels_.clear();
    for (auto const& p : policies) labels_.push_back(p.label);
    auto const drawn = [&](std::size_t i) -> std::optional<quant::split_tensor> {
        auto const& of = subjects_[i / subjects_.front().draws];
        auto const seed = static_cast<std::int64_t>(i % of.draws) + 1;
        return quant::split_tensor::of(of.name, quant::draw_suite(suites_[i / of.draws], seed).view(8));
    };
    quant::policy_plan const plan{policies, widths_};
    trials_ = model_ ? quant::try_policies(context, {source_, model_->size(), *model_}, plan)
                     : quant::try_policies(context, {source_, subjects_.size() * subjects_.front().draws, drawn}, plan);
}

quant::policy_result policy_study::row(std::size_t subject, std::size_t draw, std::size_t width,
                                       std::size_t policy) const {
    auto const place = width * labels_.size() + policy;
    std::span of{trials_};
    if (!model_) of = of.subspan(subject * subjects_[subject].draws + draw, 1);
    std::vector<quant::policy_trial> together;
    for (auto const& tensor : of)
        if (!tensor.empty()) together.push_back(tensor[place]);
    auto out = quant::judge_trials(together, labels_[policy], widths_[width], threshold_);
    out.subject = subjects_[subject].name, out.seed = static_cast<std::int64_t>(draw) + 1;
    return out;
}

quant::policy_overheads policy_study::times(kvt::run_context& context, std::size_t subject,
                                            std::span<quant::named_policy const> policies) const {
    // Ranges are found on one half of the values, so both halves together are twice as many.
    auto const large = [&](std::size_t) -> std::optional<quant::split_tensor> {
        auto const kind = suites_[subject];
        return quant::split_tensor::of(subjects_[subject].name,
                                       quant::draw_suite(kind, 1, 2'000'000 / quant::groups_of(kind).size()).view(8));
    };
    quant::policy_plan const plan{policies, widths_};
    return model_ ? quant::overheads_of(context, {source_, model_->size(), *model_}, plan, repetitions_)
                  : quant::overheads_of(context, {subjects_[subject].name, 1, large}, plan, repetitions_);
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
