#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/core/json.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/harness/family_law_report.hpp>
#include <kvt/report/markdown.hpp>
#include <kvt/report/plot.hpp>

#include <algorithm>
#include <cmath>

namespace kvt::inline KVT_ABI::harness {

namespace detail {

/// "0.62M", "145.9K".
inline std::string size_words(double parameters) {
    return parameters >= 1e6 ? fixed(parameters / 1e6, 2) + "M" : fixed(parameters / 1e3, 1) + "K";
}

/// "-0.93 [-1.01, -0.88]"; without an interval the value alone, without a value N/A.
inline std::string term_words(analysis::law_term const& t, int digits) {
    if (!t.value) return "N/A";
    if (!t.low || !t.high) return fixed(*t.value, digits);
    return fixed(*t.value, digits) + " [" + fixed(*t.low, digits) + ", " + fixed(*t.high, digits) + "]";
}

/// The range without any one model, in brackets of its own.
inline std::string without_words(analysis::law_term const& t, int digits) {
    if (!t.without_low) return "N/A";
    return "(" + fixed(*t.without_low, digits) + ", " + fixed(*t.without_high, digits) + ")";
}

inline std::string verdict_words(analysis::law_verdict v) {
    using analysis::law_verdict;
    switch (v) {
        case law_verdict::no_answers: return "no model answers any prompt with its full cache";
        case law_verdict::never_lost: return "no answer was lost at any budget that was asked for";
        case law_verdict::always_lost: return "every answer was lost at every budget below 1";
        case law_verdict::not_falling: return "a larger budget does not keep more answers";
        case law_verdict::fitted: break;
    }
    return "";
}

/// "holds a fixed share of the context" and its like, from the interval of the length exponent.
inline std::string length_words(analysis::law_term const& e) {
    if (!e.value || !e.low || !e.high) return "its length was not varied";
    if (*e.low > 0) return "longer contexts need a larger share";
    if (*e.high >= 0) return "the share does not change measurably with length";
    if (*e.high < -1) return "longer contexts need fewer entries";
    if (*e.low <= -1) return "a fixed number of entries is enough, whatever the length";
    return "the share falls with length, the number of entries still grows";
}

/// What the interval and the models left out allow to be said about size.
inline std::string size_sentence(analysis::law_term const& e) {
    if (!e.value) return "the models are of one size";
    bool const by_prompts = *e.low > 0 || *e.high < 0;
    bool const by_models = e.without_low && (*e.without_low > 0 || *e.without_high < 0);
    std::string const direction = *e.value < 0 ? "larger models need less" : "larger models need more";
    if (by_prompts && !e.without_low) return direction + ", as far as two models can say";
    if (by_prompts && by_models) return direction + ", whichever model is left out";
    if (by_prompts) return direction + " in this family, but one model decides it";
    return "no measurable change with size";
}

inline kvt::report::table law_table(family_laws const& f) {
    using kvt::report::cell_align;
    kvt::report::table out{.caption = "b* = b0 (L / " + fixed(f.how.reference_tokens, 0) + ")^length (N / " +
                                      size_words(f.how.reference_parameters) + ")^size",
                           .columns = {{"policy"},
                                       {"b0", cell_align::right},
                                       {"length exponent", cell_align::right},
                                       {"size exponent", cell_align::right},
                                       {"size, without any one model", cell_align::right},
                                       {"log-odds a doubling", cell_align::right},
                                       {"misfit, factor", cell_align::right}}};
    for (auto const& p : f.policies) {
        auto const& law = p.law;
        out.add({p.policy, law.verdict == analysis::law_verdict::fitted ? term_words(law.budget, 4) : "N/A",
                 term_words(law.length_exponent, 2), term_words(law.size_exponent, 2),
                 without_words(law.size_exponent, 2), term_words(law.sharpness, 2),
                 law.misfit ? fixed(*law.misfit, 2) : "N/A"});
    }
    return out;
}

inline std::string cell_words(analysis::critical_budget const& c) {
    if (!c.share) return c.at_most ? "<= " + fixed(*c.at_most, 4) : "N/A";
    return fixed(*c.share, 4) + " [" + fixed(*c.low, 4) + ", " + fixed(*c.high, 4) + "]";
}

inline kvt::report::table cell_table(family_laws const& f) {
    using kvt::report::cell_align;
    kvt::report::table out{.caption = "Critical budgets, cell by cell",
                           .columns = {{"policy"},
                                       {"parameters", cell_align::right},
                                       {"tokens", cell_align::right},
                                       {"prompts", cell_align::right},
                                       {"critical budget", cell_align::right},
                                       {"entries", cell_align::right},
                                       {"the law's", cell_align::right}}};
    for (auto const& p : f.policies)
        for (auto const& c : p.law.cells) {
            auto const law = f.how.at(p.law, c.tokens, c.parameters);
            out.add({p.policy, size_words(c.parameters), fixed(c.tokens, 0), std::to_string(c.prompts), cell_words(c),
                     c.entries ? fixed(*c.entries, 1) : "N/A", law ? fixed(*law, 4) : "N/A"});
        }
    return out;
}

inline kvt::report::table member_table(family_laws const& f) {
    using kvt::report::cell_align;
    kvt::report::table out{.caption = "The family",
                           .columns = {{"model"},
                                       {"parameters", cell_align::right},
                                       {"prompts", cell_align::right},
                                       {"answered with the full cache", cell_align::right}}};
    for (auto const& m : f.members)
        out.add({m.name, fixed(m.parameters, 0), std::to_string(m.asked),
                 percent(static_cast<double>(m.answered), static_cast<double>(m.asked))});
    return out;
}

/// Measured critical budgets of one model, moved by a factor along x so that models stay apart.
inline std::vector<kvt::report::chart_point> measured_points(analysis::transition_law const& law, double parameters,
                                                             double factor) {
    std::vector<kvt::report::chart_point> out;
    for (auto const& c : law.cells)
        if (c.parameters == parameters && c.share) out.push_back({c.tokens * factor, *c.share, c.low, c.high});
    return out;
}

/// The law from the shortest to the longest cell.
inline std::vector<kvt::report::chart_point> law_points(family_laws const& f, analysis::transition_law const& law,
                                                        double parameters) {
    double low = HUGE_VAL, high = 0;
    for (auto const& c : law.cells) low = std::min(low, c.tokens), high = std::max(high, c.tokens);
    std::vector<kvt::report::chart_point> out;
    for (int i = 0; i <= 32 && high > 0; ++i) {
        double const tokens = low * std::pow(high / low, i / 32.0);
        if (auto const at = f.how.at(law, tokens, parameters)) out.push_back({tokens, *at});
    }
    return out;
}

inline kvt::report::chart empty_law_chart(family_laws const& f, std::string title, std::string subtitle) {
    kvt::report::chart out{
        .title = std::move(title),
        .subtitle = std::move(subtitle),
        .x = {.label = "prompt length (tokens)", .scale = kvt::report::axis_scale::logarithmic},
        .y = {.label = "critical budget (share of the cache)", .scale = kvt::report::axis_scale::logarithmic}};
    if (!f.unproven.empty()) out.warning = "UNPROVEN: " + std::to_string(f.unproven.size()) + " runs";
    for (double const tokens : {64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072}) {
        bool const within = std::ranges::any_of(f.policies, [&](policy_law const& p) {
            return std::ranges::any_of(
                p.law.cells, [&](auto const& c) { return c.tokens < 1.9 * tokens && c.tokens > tokens / 1.9; });
        });
        if (within) out.x.ticks.push_back({tokens, fixed(tokens, 0)});
    }
    for (double const share : {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0})
        out.y.ticks.push_back({share, fixed(share, share < 0.01 ? 3 : share < 0.1 ? 2 : 1)});
    return out;
}

}  // namespace detail

KVT_DECL std::vector<std::string> conclusions_of(family_laws const& f) {
    std::vector<std::string> out;
    for (auto const& [policy, law] : f.policies) {
        if (law.verdict != analysis::law_verdict::fitted) {
            out.push_back(policy + ": no law; " + detail::verdict_words(law.verdict) + ".");
            continue;
        }
        double const entries = *law.budget.value * f.how.reference_tokens;
        out.push_back(policy + " loses half of its answers at " + detail::term_words(law.budget, 3) + " of " +
                      fixed(f.how.reference_tokens, 0) + " tokens (" + fixed(entries, 0) + " entries) at " +
                      detail::size_words(f.how.reference_parameters) + " parameters; b* ~ L^" +
                      detail::term_words(law.length_exponent, 2) + ": " + detail::length_words(law.length_exponent) +
                      "; b* ~ N^" + detail::term_words(law.size_exponent, 2) + ": " +
                      detail::size_sentence(law.size_exponent) +
                      (law.beyond_budgets ? ". b0 lies beyond the budgets that were asked for." : "."));
    }
    if (!f.unproven.empty())
        out.push_back("UNPROVEN: the budgets of " + std::to_string(f.unproven.size()) + " runs; first " +
                      f.unproven.front() + ".");
    return out;
}

KVT_DECL kvt::report::chart law_chart(family_laws const& f) {
    auto out = detail::empty_law_chart(f, "Where answers are lost",
                                       std::to_string(f.members.size()) +
                                           " models side by side (small to the left); lines: the law at " +
                                           detail::size_words(f.how.reference_parameters) + " parameters");
    auto const middle = (static_cast<double>(f.members.size()) - 1) / 2;
    for (std::size_t p = 0; p < f.policies.size(); ++p) {
        auto const& law = f.policies[p].law;
        auto const colour = kvt::report::categorical_colour(p);
        kvt::report::chart_series measured{
            .label = f.policies[p].policy, .points = {}, .mark = kvt::report::series_mark::points, .colour = colour};
        for (std::size_t m = 0; m < f.members.size(); ++m) {
            auto const factor = std::pow(1.05, static_cast<double>(m) - middle);
            for (auto const& point : detail::measured_points(law, f.members[m].parameters, factor))
                measured.points.push_back(point);
        }
        if (!measured.points.empty()) out.series.push_back(std::move(measured));
        auto curve = detail::law_points(f, law, f.how.reference_parameters);
        if (!curve.empty())
            out.series.push_back({.label = f.policies[p].policy + ", law",
                                  .points = std::move(curve),
                                  .mark = kvt::report::series_mark::curve,
                                  .colour = colour});
    }
    return out;
}

KVT_DECL kvt::report::chart policy_chart(family_laws const& f, policy_law const& of) {
    auto out = detail::empty_law_chart(f, "Where " + of.policy + " loses answers, by model size",
                                       "points: measured; lines: the law at that size");
    for (std::size_t m = 0; m < f.members.size(); ++m) {
        double const place =
            f.members.size() < 2 ? 0 : static_cast<double>(m) / static_cast<double>(f.members.size() - 1);
        auto const colour = kvt::report::ordered_colour(place);
        double const size = f.members[m].parameters;
        auto points = detail::measured_points(of.law, size, 1);
        if (!points.empty())
            out.series.push_back({.label = detail::size_words(size) + " parameters",
                                  .points = std::move(points),
                                  .mark = kvt::report::series_mark::points,
                                  .colour = colour});
        auto curve = detail::law_points(f, of.law, size);
        if (!curve.empty())
            out.series.push_back({.label = detail::size_words(size) + ", law",
                                  .points = std::move(curve),
                                  .mark = kvt::report::series_mark::curve,
                                  .colour = colour});
    }
    return out;
}

KVT_DECL kvt::report::document law_document(family_laws const& f) {
    kvt::report::document out{.title = "How the critical budget moves with context length and model size"};
    if (!f.unproven.empty())
        out.add(kvt::report::note{kvt::report::severity::danger, "UNPROVEN",
                                  std::to_string(f.unproven.size()) + " runs have budgets that nothing proves"});
    std::vector<kvt::report::phrase> said;
    for (auto const& c : conclusions_of(f)) said.emplace_back(c);
    out.add(kvt::report::bullets{std::move(said)});
    out.add(detail::law_table(f));
    out.add(kvt::report::paragraph{
        "The critical budget b* is the share of the cache at which half of the answers that the full cache gives are lost. "
        "Intervals (" +
        fixed(100 * (1 - f.how.alpha), 0) + " %, " + std::to_string(f.how.resamples) +
        " resamples) draw whole prompts with all their budgets and models. They do not hold the chance in training: each size is "
        "one trained model, so a size exponent is a statement about these models; the range without any one of them says how much "
        "hangs on a single one."});
    out.add(detail::member_table(f));
    out.add(detail::cell_table(f));
    return out;
}

KVT_DECL family_laws write_laws::operator()(run_context& context, family_laws found) const {
    auto document = law_document(found);
    document.folder = folder;
    auto const draw = [&](kvt::report::chart const& c, std::string const& stem) {
        if (!kvt::report::has_data(c)) return;
        document.add(kvt::report::write_plot(c, folder, stem));
        context.wrote(folder + "/" + stem + ".png"), context.wrote(folder + "/" + stem + ".svg");
    };
    auto const write = [&](char const* file, std::string const& text) {
        std::string const path = folder + "/" + file;
        write_file(path, text);
        context.wrote(path);
    };
    write("transition_law.json", dump(to_json(found), json_style::pretty) + "\n");
    document.add(kvt::report::heading{"Pictures"});
    draw(law_chart(found), "transition_law");
    for (auto const& p : found.policies) draw(policy_chart(found, p), "law_" + p.policy);
    write("transition_law.md", kvt::report::markdown{}.render(document));
    return found;
}

}  // namespace kvt::inline KVT_ABI::harness
