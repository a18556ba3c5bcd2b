// Definitions of harness/cache_study_report.hpp.
#pragma once

#include <kvt/core/format_number.hpp>
#include <kvt/core/json.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/harness/cache_study_report.hpp>
#include <kvt/report/markdown.hpp>
#include <kvt/report/plot.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace kvt::inline KVT_ABI::harness {

namespace detail {

/// Three significant digits: damages span many powers of ten.
KVT_DECL std::string brief(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", value);
    return text;
}
KVT_DECL std::string words_of(std::string_view name) {
    std::string out{name};
    std::ranges::replace(out, '_', ' ');
    return out;
}
KVT_DECL std::string share(std::int64_t part, std::int64_t of) {
    return std::to_string(part) + " of " + std::to_string(of);
}

KVT_DECL kvt::report::table smoothness_table(cache_findings const& f) {
    using kvt::report::cell_align;
    kvt::report::table out{.caption = "Smoothness along the tokens, by layer and head",
                           .columns = {{"part"},
                                       {"layer, head"},
                                       {"group", cell_align::right},
                                       {"bounded", cell_align::right},
                                       {"interval", cell_align::right},
                                       {"worst channel", cell_align::right},
                                       {"headline", cell_align::right}}};
    for (auto const& r : f.smoothness)
        out.add({words_of(name_of(r.part)), std::to_string(r.layer) + ", " + std::to_string(r.head),
                 std::to_string(r.group), fixed(r.bounded, 3), "[" + fixed(r.low, 3) + ", " + fixed(r.high, 3) + "]",
                 fixed(r.worst, 3), fixed(r.headline, 3)});
    return out;
}

KVT_DECL kvt::report::table place_table(cache_findings const& f) {
    using kvt::report::cell_align;
    kvt::report::table out{.caption = "Mean boundary scores by place",
                           .columns = {{"part"},
                                       {"first boundary", cell_align::right},
                                       {"later ones", cell_align::right},
                                       {"at the evidence", cell_align::right},
                                       {"elsewhere", cell_align::right}}};
    for (auto const& r : f.places)
        out.add({words_of(name_of(r.part)), fixed(r.first, 3), fixed(r.later, 3), fixed(r.evidence, 3),
                 fixed(r.elsewhere, 3)});
    return out;
}

KVT_DECL kvt::report::table eviction_table(cache_findings const& f) {
    using kvt::report::cell_align;
    kvt::report::table out{.caption = "Bounded smoothness of keys after " + f.settings.policy + " at " +
                                      fixed(f.settings.budget, 2),
                           .columns = {{"part"},
                                       {"layer, head"},
                                       {"full cache", cell_align::right},
                                       {"cache order", cell_align::right},
                                       {"time order", cell_align::right}}};
    for (auto const& r : f.eviction)
        out.add({words_of(name_of(r.part)), std::to_string(r.layer) + ", " + std::to_string(r.head), fixed(r.full, 3),
                 fixed(r.cache_order, 3), fixed(r.time_order, 3)});
    return out;
}

KVT_DECL kvt::report::table noise_table(cache_findings const& f) {
    using kvt::report::cell_align;
    kvt::report::table out{.caption = "Error of quantized tokens beside that of uniform noise",
                           .columns = {{"part"},
                                       {"bits", cell_align::right},
                                       {"group", cell_align::right},
                                       {"bits an element", cell_align::right},
                                       {"mean squared error", cell_align::right},
                                       {"scale squared / 12", cell_align::right},
                                       {"ratio", cell_align::right}}};
    for (auto const& r : f.noise)
        out.add({words_of(name_of(r.part)), std::to_string(r.bits), std::to_string(r.group),
                 fixed(r.bits_per_element, 2), brief(r.mse), brief(r.expected),
                 r.expected > 0 ? fixed(r.mse / r.expected, 2) : "N/A"});
    return out;
}

KVT_DECL kvt::report::table mix_table(cache_findings const& f) {
    using kvt::report::cell_align;
    kvt::report::table out{.caption = "A whole cache quantized",
                           .columns = {{"what"},
                                       {"bits", cell_align::right},
                                       {"group", cell_align::right},
                                       {"attention output", cell_align::right},
                                       {"probabilities", cell_align::right},
                                       {"logits / bound", cell_align::right},
                                       {"answers lost", cell_align::right},
                                       {"gained", cell_align::right},
                                       {"likelihood loss", cell_align::right},
                                       {"interval", cell_align::right}}};
    for (auto const& r : f.mixes)
        out.add({words_of(name_of(r.mix)), std::to_string(r.bits), std::to_string(r.group), brief(r.attention_error),
                 brief(r.probability_change), r.mix == cache_mix::values ? "N/A" : fixed(r.logit_share, 3),
                 share(r.lost, r.answered), std::to_string(r.gained), brief(r.likelihood_loss),
                 "[" + brief(r.low) + ", " + brief(r.high) + "]"});
    return out;
}

/// "0.12 [0.01, 0.20]", or "N/A".
KVT_DECL std::string spread(std::optional<double> middle, std::optional<double> low, std::optional<double> high,
                            int digits) {
    if (!middle || !low || !high) return "N/A";
    return fixed(*middle, digits) + " [" + fixed(*low, digits) + ", " + fixed(*high, digits) + "]";
}

KVT_DECL kvt::report::table predictor_table(cache_findings const& f) {
    using kvt::report::cell_align;
    kvt::report::table out{.caption = "Which groups hurt: rank correlations within a prompt",
                           .columns = {{"part"},
                                       {"bits", cell_align::right},
                                       {"damage"},
                                       {"predictor"},
                                       {"correlation", cell_align::right},
                                       {"does it tell?"}}};
    for (auto const& r : f.predictors) {
        bool const difference = r.predictor == group_predictor::roughness_less_noise;
        out.add({words_of(name_of(r.part)), std::to_string(r.bits), words_of(name_of(r.damage)),
                 words_of(name_of(r.predictor)), spread(r.correlation, r.low, r.high, 2), difference ? "" : r.answer});
    }
    return out;
}

KVT_DECL kvt::report::table lost_table(cache_findings const& f) {
    using kvt::report::cell_align;
    kvt::report::table out{.caption = "Answers lost with one group quantized, by what predicts it",
                           .columns = {{"part"},
                                       {"bits", cell_align::right},
                                       {"predictor"},
                                       {"highest third", cell_align::right},
                                       {"lowest third", cell_align::right},
                                       {"difference", cell_align::right},
                                       {"prompts", cell_align::right}}};
    for (auto const& r : f.lost)
        out.add({words_of(name_of(r.part)), std::to_string(r.bits), words_of(name_of(r.predictor)),
                 fixed(100 * r.highest, 2) + " %", fixed(100 * r.lowest, 2) + " %",
                 spread(r.difference, r.low, r.high, 4), std::to_string(r.prompts)});
    return out;
}

KVT_DECL kvt::report::table online_table(cache_findings const& f) {
    using kvt::report::cell_align;
    kvt::report::table out{.caption = "Keys with ranges smoothed online, before and after",
                           .columns = {{"part"},
                                       {"bits", cell_align::right},
                                       {"bounded score", cell_align::right},
                                       {"mean squared error", cell_align::right},
                                       {"attention output", cell_align::right},
                                       {"change", cell_align::right},
                                       {"answers lost", cell_align::right}}};
    auto const two = [](std::string const& before, std::string const& after) { return before + ", " + after; };
    for (auto const& r : f.online)
        out.add({words_of(name_of(r.part)), std::to_string(r.bits),
                 two(fixed(r.score_before, 3), fixed(r.score_after, 3)), two(brief(r.mse_before), brief(r.mse_after)),
                 two(brief(r.error_before), brief(r.error_after)), spread(r.change, r.low, r.high, 3),
                 two(share(r.lost_before, r.answered), share(r.lost_after, r.answered))});
    return out;
}

/// A row a layer and head, a column a predictor; rows of one head follow each other.
KVT_DECL kvt::report::table head_table(cache_findings const& f) {
    using kvt::report::cell_align;
    kvt::report::table out{.caption = "Rank correlations with the attention output's error, by layer and head",
                           .columns = {{"part"}, {"bits", cell_align::right}, {"layer, head"}}};
    for (std::size_t p = 0; p < group_predictors; ++p)
        out.columns.push_back({words_of(name_of(static_cast<group_predictor>(p))), cell_align::right});
    for (auto at = f.heads.begin(); at != f.heads.end();) {
        auto const same = [&](head_row const& r) {
            return r.part == at->part && r.bits == at->bits && r.layer == at->layer && r.head == at->head;
        };
        auto const end = std::find_if_not(at, f.heads.end(), same);
        std::vector<std::string> cells{words_of(name_of(at->part)), std::to_string(at->bits),
                                       std::to_string(at->layer) + ", " + std::to_string(at->head)};
        for (std::size_t p = 0; p < group_predictors; ++p) {
            auto const r = std::find_if(
                at, end, [&](head_row const& h) { return h.predictor == static_cast<group_predictor>(p); });
            cells.emplace_back(r == end ? "" : spread(r->correlation, r->low, r->high, 2));
        }
        out.add(std::move(cells));
        at = end;
    }
    return out;
}

KVT_DECL kvt::report::table contrast_table(cache_findings const& f) {
    using kvt::report::cell_align;
    kvt::report::table out{.caption = "One group of tokens quantized, the others exact",
                           .columns = {{"part"},
                                       {"bits", cell_align::right},
                                       {"groups"},
                                       {"answers lost", cell_align::right},
                                       {"likelihood loss", cell_align::right},
                                       {"attention output", cell_align::right}}};
    for (auto const& r : f.contrasts) {
        auto const add = [&](char const* label, group_tally const& t) {
            out.add({words_of(name_of(r.part)), std::to_string(r.bits), label, share(t.lost, t.groups),
                     brief(t.likelihood_loss), brief(t.attention_error)});
        };
        add("roughest third", r.rough), add("smoothest third", r.smooth);
        add("holding the evidence", r.evidence), add("all others", r.other);
    }
    return out;
}

KVT_DECL kvt::report::facts facts_of(cache_findings const& f) {
    auto const list = [](std::vector<std::int64_t> const& values) {
        std::string out;
        for (auto const v : values) out += (out.empty() ? "" : ", ") + std::to_string(v);
        return out;
    };
    auto const& s = f.settings;
    return {{{"model", f.model + " (" + f.model_hash.substr(0, 12) + ")"},
             {"prompts", share(f.answered, f.prompts) + " answered by the exact cache; contexts of " +
                             fixed(f.mean_tokens, 1) + " tokens"},
             {"bits", list(s.bits)},
             {"group sizes", list(s.groups) + "; single groups and eviction at the first"},
             {"residual", std::to_string(s.residual) + " tokens"},
             {"parameters",
              std::to_string(quant::bits_of(s.parameters)) + " bits each, rounded so that no value is clipped"},
             {"intervals", fixed(100 * (1 - s.alpha), 0) + " %, " + std::to_string(s.resamples) +
                               " resamples of whole prompts, seed " + std::to_string(s.seed)}}};
}

}  // namespace detail

KVT_DECL kvt::report::chart boundary_chart(cache_findings const& f) {
    double least = 1;
    kvt::report::chart out{.title = "Boundary scores along the tokens",
                           .subtitle = "keys, groups of " + std::to_string(f.settings.groups.front()) +
                                       " tokens, bounded metric, mean over channels, heads and prompts",
                           .x = {.label = "token"},
                           .y = {.label = "boundary score (1: nothing changes)"}};
    for (auto const part : {cache_part::keys, cache_part::keys_before_rotation})
        for (std::int64_t layer = 0;; ++layer) {
            std::vector<kvt::report::chart_point> points;
            std::vector<double> heads;
            for (auto const& b : f.boundaries) {
                if (b.part != part || b.layer != layer || 2 * b.prompts < f.prompts) continue;
                auto const at = static_cast<double>(b.token);
                auto const found = std::ranges::find(points, at, &kvt::report::chart_point::x);
                auto const i = static_cast<std::size_t>(found - points.begin());
                if (found == points.end()) points.push_back({at, 0}), heads.push_back(0);
                points[i].y += b.score, heads[i] += 1;
            }
            if (points.empty()) break;
            for (std::size_t i = 0; i < points.size(); ++i)
                points[i].y /= heads[i], least = std::min(least, points[i].y);
            bool const before = part == cache_part::keys_before_rotation;
            out.series.push_back({.label = "layer " + std::to_string(layer) + (before ? ", before rotation" : ""),
                                  .points = std::move(points),
                                  .mark = before ? kvt::report::series_mark::dashed : kvt::report::series_mark::line});
        }
    out.y.low = std::max(0.0, std::floor(10 * least - 0.5) / 10);
    return out;
}

KVT_DECL kvt::report::chart predictor_chart(cache_findings const& f) {
    auto const bits = f.settings.bits.front();
    struct shown {
        group_predictor predictor;
        char const* label;
    };
    constexpr shown places[]{{group_predictor::roughness, "roughness"},
                             {group_predictor::weighted_roughness, "weighted\nby queries"},
                             {group_predictor::roughness_beyond_noise, "roughness\nbeyond noise"},
                             {group_predictor::noise_power, "noise\npower"},
                             {group_predictor::query_bound, "query\nbound"},
                             {group_predictor::attention_mass, "attention\nreceived"}};
    kvt::report::chart out{.title = "What tells which groups of tokens hurt?",
                           .subtitle = "keys as stored, " + std::to_string(bits) + " bits, groups of " +
                                       std::to_string(f.settings.groups.front()) + "; rank correlation with damage",
                           .x = {.low = -0.5, .high = static_cast<double>(std::size(places)) - 0.5},
                           .y = {.label = "Spearman correlation", .low = -1.0, .high = 1.0, .digits = 1}};
    for (auto const damage : {damage_kind::attention, damage_kind::answer}) {
        kvt::report::chart_series series{.label = damage == damage_kind::attention
                                                      ? "with the attention output's error"
                                                      : "with the answer's likelihood loss",
                                         .points = {},
                                         .mark = kvt::report::series_mark::points};
        double const shift = damage == damage_kind::attention ? -0.08 : 0.08;
        for (auto const& r : f.predictors) {
            auto const place = std::ranges::find(places, r.predictor, &shown::predictor);
            if (r.part != cache_part::keys || r.bits != bits || r.damage != damage || !r.correlation ||
                place == std::end(places))
                continue;
            series.points.push_back(
                {static_cast<double>(place - std::begin(places)) + shift, *r.correlation, r.low, r.high});
        }
        if (!series.points.empty()) out.series.push_back(std::move(series));
    }
    for (std::size_t i = 0; i < std::size(places); ++i)
        out.x.ticks.push_back({static_cast<double>(i), places[i].label});
    out.thresholds.push_back({0.0, "nothing"});
    return out;
}

KVT_DECL kvt::report::chart lost_chart(cache_findings const& f) {
    kvt::report::chart out{.title = "Answers lost when the cache is quantized",
                           .subtitle = "groups of " + std::to_string(f.settings.groups.front()) + ", " +
                                       std::to_string(f.answered) + " prompts that the exact cache answers",
                           .x = {.label = "bits"},
                           .y = {.label = "share lost", .low = 0.0}};
    for (auto const mix : cache_mixes) {
        kvt::report::chart_series series{.label = detail::words_of(name_of(mix)), .points = {}};
        for (auto const& m : f.mixes)
            if (m.mix == mix && m.group == f.settings.groups.front() && m.answered > 0)
                series.points.push_back(
                    {static_cast<double>(m.bits), static_cast<double>(m.lost) / static_cast<double>(m.answered)});
        if (!series.points.empty()) out.series.push_back(std::move(series));
    }
    for (auto const b : f.settings.bits) out.x.ticks.push_back({static_cast<double>(b), std::to_string(b)});
    return out;
}

KVT_DECL kvt::report::document cache_study_document(cache_findings const& f) {
    kvt::report::document out{.title = "Quantized KV caches: smoothness and damage", .subtitle = f.model};
    std::vector<kvt::report::phrase> said;
    for (auto const& c : f.conclusions) said.emplace_back(c);
    out.add(kvt::report::bullets{std::move(said)});
    out.add(detail::facts_of(f));
    out.add(kvt::report::heading{"Does smoothness tell which groups hurt?"});
    out.add(kvt::report::paragraph{
        "Each group of tokens is quantized alone. A predictor's rank correlation with the damage is taken among the groups of "
        "one prompt (for the attention output: of one layer and head) and averaged; the interval draws whole prompts. "
        "\"Yes\" asks for an interval above 0.3, \"weakly\" for one above 0; the same below 0 for the reverse."});
    out.add(detail::predictor_table(f)), out.add(detail::lost_table(f)), out.add(detail::contrast_table(f));
    out.add(kvt::report::heading{"Whole caches"});
    out.add(detail::mix_table(f)), out.add(detail::noise_table(f));
    out.add(kvt::report::heading{"Smoothness"});
    out.add(detail::smoothness_table(f)), out.add(detail::place_table(f)), out.add(detail::eviction_table(f));
    out.add(kvt::report::heading{"Smoothed online"});
    out.add(kvt::report::paragraph{
        "The range of each channel's group is averaged with that of the group before (weights 1 and 1/2), as far as the "
        "group's mean squared error, with parameters as they are stored, rises by no more than 1 %."});
    out.add(detail::online_table(f));
    return out;
}

KVT_DECL cache_findings write_cache_study::operator()(run_context& context, cache_findings found) const {
    auto document = cache_study_document(found);
    document.folder = folder;
    auto const draw = [&](kvt::report::chart const& c, char const* stem) {
        if (!kvt::report::has_data(c)) return;
        document.add(kvt::report::write_plot(c, folder, stem));
        context.wrote(folder + "/" + stem + ".png"), context.wrote(folder + "/" + stem + ".svg");
    };
    auto const write = [&](char const* file, std::string const& text) {
        std::string const path = folder + "/" + file;
        write_file(path, text);
        context.wrote(path);
    };
    write("cache_study.json", dump(to_json(found), json_style::pretty) + "\n");
    document.add(kvt::report::heading{"Pictures"});
    draw(predictor_chart(found), "predictors"), draw(boundary_chart(found), "boundaries"),
        draw(lost_chart(found), "lost");
    document.add(kvt::report::heading{"Appendix: by layer and head"});
    document.add(detail::head_table(found));
    write("cache_study.md", kvt::report::markdown{}.render(document));
    return found;
}

}  // namespace kvt::inline KVT_ABI::harness
