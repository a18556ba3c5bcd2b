// Definitions of harness/cache_study.hpp: prompts measured, then averaged.
#pragma once

#include <kvt/exec/reduce.hpp>
#include <kvt/harness/cache_conclusions.hpp>
#include <kvt/harness/cache_study.hpp>
#include <kvt/harness/detail/cache_measure.ipp>
#include <kvt/numeric/bootstrap.hpp>

#include <mutex>

namespace kvt::inline KVT_ABI::harness {

KVT_DECL void cache_study_settings::check() const {
    auto const need = [](bool fine, char const* setting, std::string const& expected) {
        if (!fine) throw error{error_kind::usage, setting, "missing or out of range", expected};
    };
    need(!bits.empty(), "bits", "2, 4 or 8, one or more");
    need(!groups.empty(), "group", "one or more group sizes");
    need(resamples >= 1, "resamples", "1 or more");
    need(alpha > 0 && alpha < 1, "alpha", "between 0 and 1");
    for (auto const b : bits) quant::check_bits(b);
    for (auto const g : groups) quant::keys_per_channel{2, g, residual}.check();
    cache::check_budget(budget, "budget");
    (void)cache::make_policy(policy, {}, "policy");
}

namespace detail {

/// What all prompts found, turned into rows.
class study_summary {
  public:
    study_summary(std::vector<prompt_findings> const& all, cache_study_settings const& how, std::int32_t heads,
                  cache_findings& out)
        : all_{all}, how_{how}, heads_{heads}, rule_{.resamples = how.resamples, .alpha = how.alpha, .seed = how.seed},
          out_{out} {}

    void fill() {
        for (auto const& p : all_)
            out_.answered += p.answered ? 1 : 0,
                out_.mean_tokens += static_cast<double>(p.tokens) / static_cast<double>(all_.size());
        out_.prompts = static_cast<std::int64_t>(all_.size());
        for (std::size_t g = 0; g < how_.groups.size(); ++g)
            for (auto const part : cache_parts) add_smoothness(g, part);
        for (auto const part : cache_parts) add_boundaries(part), add_places(part);
        for (auto const part : key_parts) add_eviction(part);
        for (std::size_t g = 0; g < how_.groups.size(); ++g)
            for (std::size_t b = 0; b < how_.bits.size(); ++b) {
                for (auto const part : cache_parts) add_noise(g, b, part);
                for (auto const mix : cache_mixes) add_mix(g, b, mix);
            }
        for (auto const part : cache_parts)
            for (std::size_t b = 0; b < how_.bits.size(); ++b)
                add_predictors(part, b), add_lost(part, b), add_heads(part, b), add_contrast(part, b);
        for (auto const part : key_parts)
            for (std::size_t b = 0; b < how_.bits.size(); ++b) add_online(part, b);
    }

  private:
    static std::size_t at(auto choice) { return static_cast<std::size_t>(choice); }
    [[nodiscard]] std::size_t lists() const { return all_.front().smoothness.front().front().size(); }
    /// A figure of every prompt, averaged; prompts without it are left out.
    template <class F> [[nodiscard]] double mean(F&& of) const { return mean_of(values(of)).value_or(0); }
    template <class F> [[nodiscard]] reals values(F&& of) const {
        reals out;
        for (auto const& p : all_)
            if (std::optional<double> const v = of(p)) out.push_back(*v);
        return out;
    }
    /// Layer and KV head.
    [[nodiscard]] std::pair<std::int64_t, std::int64_t> place_of(std::size_t list) const {
        return {static_cast<std::int64_t>(list) / heads_, static_cast<std::int64_t>(list) % heads_};
    }
    [[nodiscard]] std::optional<numeric::interval> sure(reals const& of, std::string const& label) const {
        return rule_.mean(of, "cache_study|" + label);
    }

    void add_smoothness(std::size_t g, cache_part part) {
        for (std::size_t list = 0; list < lists(); ++list) {
            auto const of = [&](double list_smoothness::*figure) {
                return values([&](prompt_findings const& p) { return p.smoothness[g][at(part)][list].*figure; });
            };
            auto const bounded = of(&list_smoothness::bounded);
            auto const range = sure(bounded, "smoothness|" + std::string{name_of(part)} + "|" +
                                                 std::to_string(how_.groups[g]) + "|" + std::to_string(list));
            out_.smoothness.push_back({part, static_cast<std::int64_t>(list) / heads_,
                                       static_cast<std::int64_t>(list) % heads_, how_.groups[g],
                                       mean_of(bounded).value_or(1), range->low, range->high,
                                       mean_of(of(&list_smoothness::worst)).value_or(1),
                                       mean_of(of(&list_smoothness::headline)).value_or(1)});
        }
    }
    void add_boundaries(cache_part part) {
        auto const group = static_cast<std::size_t>(how_.groups.front());
        std::size_t const window = part == cache_part::values ? group : 1;
        for (std::size_t list = 0; list < lists(); ++list)
            for (std::size_t i = 0;; ++i) {
                auto const scores = values([&](prompt_findings const& p) -> std::optional<double> {
                    std::span const all{p.smoothness[0][at(part)][list].boundaries};
                    if ((i + 1) * window > all.size()) return std::nullopt;
                    return numeric::mean(all.subspan(i * window, window));
                });
                if (scores.empty()) break;
                auto const [layer, head] = place_of(list);
                out_.boundaries.push_back({part, layer, head,
                                           static_cast<std::int64_t>((part == cache_part::values ? i : i + 1) * group),
                                           *mean_of(scores), static_cast<std::int64_t>(scores.size())});
            }
    }
    void add_places(cache_part part) {
        auto const of = [&](std::optional<double> place_scores::*figure) {
            return mean_of(values([&](prompt_findings const& p) { return p.places[at(part)].*figure; })).value_or(1);
        };
        out_.places.push_back({part, of(&place_scores::first), of(&place_scores::later), of(&place_scores::evidence),
                               of(&place_scores::elsewhere)});
    }
    void add_eviction(cache_part part) {
        for (std::size_t list = 0; list < lists(); ++list) {
            auto const of = [&](double list_eviction::*figure) {
                return mean([&](prompt_findings const& p) { return p.eviction[at(part)][list].*figure; });
            };
            out_.eviction.push_back({part, static_cast<std::int64_t>(list) / heads_,
                                     static_cast<std::int64_t>(list) % heads_, of(&list_eviction::full),
                                     of(&list_eviction::cache_order), of(&list_eviction::time_order)});
        }
    }
    void add_noise(std::size_t g, std::size_t b, cache_part part) {
        auto const of = [&](double part_noise::*figure) {
            return mean([&](prompt_findings const& p) { return p.noise[g][b][at(part)].*figure; });
        };
        out_.noise.push_back({part, how_.bits[b], how_.groups[g], of(&part_noise::mse), of(&part_noise::expected),
                              of(&part_noise::bits_per_element)});
    }
    void add_mix(std::size_t g, std::size_t b, cache_mix mix) {
        mix_row row{.mix = mix, .bits = how_.bits[b], .group = how_.groups[g], .answered = out_.answered};
        model::attention_change all;
        reals losses;
        for (auto const& p : all_) {
            auto const& r = p.mixes[g][b][at(mix)];
            all += r.attention;
            row.lost += p.answered && !r.answer.right ? 1 : 0;
            row.gained += !p.answered && r.answer.right ? 1 : 0;
            losses.push_back(r.answer.loss - p.loss);
        }
        row.attention_error = all.relative_error();
        row.probability_change = all.queries > 0 ? all.probability_change / static_cast<double>(all.queries) : 0;
        row.logit_share = all.logit_bound > 0 ? all.logit_change / all.logit_bound : 0;
        row.broken_bounds = all.broken;
        row.likelihood_loss = mean_of(losses).value_or(0);
        auto const range = sure(losses, "loss|" + std::string{name_of(mix)} + "|" + std::to_string(row.bits) + "|" +
                                            std::to_string(row.group));
        row.low = range->low, row.high = range->high;
        out_.mixes.push_back(row);
    }
    /// The label of a resampling stream: distinct for every row.
    [[nodiscard]] std::string label(char const* what, cache_part part, std::size_t b, group_predictor p) const {
        return std::string{what} + "|" + std::string{name_of(part)} + "|" + std::to_string(how_.bits[b]) + "|" +
               std::string{name_of(p)};
    }
    static auto predictors_of(cache_part part) {
        std::vector<group_predictor> out;
        for (std::size_t p = 0; p < group_predictors; ++p)
            if (applies(static_cast<group_predictor>(p), part)) out.push_back(static_cast<group_predictor>(p));
        return out;
    }
    /// The mean of some prompts' figures and its interval.
    template <class Row>
    void average(Row& row, std::optional<double> Row::*middle, reals const& found, std::string const& name) const {
        row.*middle = mean_of(found);
        if (auto const range = sure(found, name)) row.low = range->low, row.high = range->high;
    }
    void add_predictors(cache_part part, std::size_t b) {
        for (auto const damage : {damage_kind::attention, damage_kind::answer})
            for (auto const p : predictors_of(part)) {
                predictor_row row{.part = part, .bits = how_.bits[b], .damage = damage, .predictor = p};
                auto const found = values(
                    [&](prompt_findings const& f) { return f.parts[b][at(part)].predictors[at(damage)][at(p)]; });
                row.prompts = static_cast<std::int64_t>(found.size());
                average(row, &predictor_row::correlation, found,
                        label("predictor", part, b, p) + "|" + std::string{name_of(damage)});
                if (row.low) row.answer = answer_in_words(*row.low, *row.high);
                out_.predictors.push_back(std::move(row));
            }
    }
    void add_heads(cache_part part, std::size_t b) {
        for (std::size_t list = 0; list < lists(); ++list)
            for (auto const p : predictors_of(part)) {
                auto const [layer, head] = place_of(list);
                head_row row{.part = part, .bits = how_.bits[b], .layer = layer, .head = head, .predictor = p};
                auto const found =
                    values([&](prompt_findings const& f) { return f.parts[b][at(part)].heads[list][at(p)]; });
                row.prompts = static_cast<std::int64_t>(found.size());
                average(row, &head_row::correlation, found, label("head", part, b, p) + "|" + std::to_string(list));
                out_.heads.push_back(row);
            }
    }
    void add_lost(cache_part part, std::size_t b) {
        for (auto const p : predictors_of(part)) {
            if (at(p) >= measured_predictors) continue;
            auto const of = [&](double (*figure)(third_means const&)) {
                return values([&](prompt_findings const& f) -> std::optional<double> {
                    auto const& m = f.parts[b][at(part)].lost[at(p)];
                    return m ? std::optional{figure(*m)} : std::nullopt;
                });
            };
            auto const apart = of([](third_means const& m) { return m.highest - m.lowest; });
            lost_row row{.part = part,
                         .bits = how_.bits[b],
                         .predictor = p,
                         .highest = mean_of(of([](third_means const& m) { return m.highest; })).value_or(0),
                         .lowest = mean_of(of([](third_means const& m) { return m.lowest; })).value_or(0),
                         .prompts = static_cast<std::int64_t>(apart.size())};
            average(row, &lost_row::difference, apart, label("lost", part, b, p));
            out_.lost.push_back(row);
        }
    }
    void add_online(cache_part part, std::size_t b) {
        online_row row{.part = part, .bits = how_.bits[b], .answered = out_.answered};
        auto const of = [&](double online_result::*figure) {
            return mean([&](prompt_findings const& p) { return p.online[b][at(part)].*figure; });
        };
        row.score_before = of(&online_result::score_before), row.score_after = of(&online_result::score_after);
        row.mse_before = of(&online_result::mse_before), row.mse_after = of(&online_result::mse_after);
        model::attention_change before, after;
        reals changes;
        for (auto const& p : all_) {
            auto const& r = p.online[b][at(part)];
            before += r.before, after += r.after;
            row.lost_before += r.lost_before ? 1 : 0, row.lost_after += r.lost_after ? 1 : 0;
            if (r.before.relative_error() > 0)
                changes.push_back(r.after.relative_error() / r.before.relative_error() - 1);
        }
        row.error_before = before.relative_error(), row.error_after = after.relative_error();
        average(row, &online_row::change, changes,
                "online|" + std::string{name_of(part)} + "|" + std::to_string(row.bits));
        out_.online.push_back(row);
    }
    void add_contrast(cache_part part, std::size_t b) {
        contrast_row row{.part = part, .bits = how_.bits[b]};
        auto const add = [](group_tally& to, group_result const& g) {
            ++to.groups, to.lost += g.lost ? 1 : 0;
            to.attention_error += g.attention_error, to.likelihood_loss += g.likelihood_loss;
            to.roughness += g.roughness;
        };
        for (auto const& p : all_) {
            auto groups = p.parts[b][at(part)].groups;
            for (auto const& g : groups) add(g.evidence ? row.evidence : row.other, g);
            std::ranges::stable_sort(groups, {}, &group_result::roughness);
            std::size_t const third = groups.size() / 3;
            for (std::size_t i = 0; i < third; ++i) add(row.smooth, groups[i]), add(row.rough, groups.rbegin()[i]);
        }
        for (auto* tally : {&row.rough, &row.smooth, &row.evidence, &row.other}) {
            if (tally->groups == 0) continue;
            tally->attention_error /= static_cast<double>(tally->groups);
            tally->likelihood_loss /= static_cast<double>(tally->groups);
            tally->roughness /= static_cast<double>(tally->groups);
        }
        out_.contrasts.push_back(row);
    }

    std::vector<prompt_findings> const& all_;
    cache_study_settings const& how_;
    std::int32_t heads_;
    numeric::bootstrap rule_;
    cache_findings& out_;
};

/// `measure` of each prompt, by the context's executor where it has one.
template <class F>
[[nodiscard]] std::vector<prompt_findings> each_prompt(run_context& context, std::size_t n, F&& measure) {
    auto task = context.progress.begin("caches", n, "prompt");
    std::mutex guard;
    auto const one = [&](std::size_t i) {
        if (context.stop_requested()) throw error{error_kind::work, "cache_study", "stopped"};
        auto out = measure(i);
        std::lock_guard const lock{guard};
        task.advance();
        return out;
    };
    if (auto const* executor = context.find<exec::any_executor>()) return exec::parallel_map(*executor, n, one);
    return exec::parallel_map(exec::inline_executor{}, n, one);
}

}  // namespace detail

KVT_DECL cache_findings cache_study::operator()(run_context& context, std::vector<study_prompt> const& prompts) const {
    settings.check();
    if (prompts.empty()) throw error{error_kind::usage, "cache_study", "there are no prompts", "one or more"};
    std::size_t longest = 0;  // all prompts are looked at before the first one costs time
    for (auto const& p : prompts) longest = std::max(longest, detail::encoded_prompt::of(*model, p).context.size());
    if (longest < static_cast<std::size_t>(settings.residual))
        throw error{error_kind::usage, "residual " + std::to_string(settings.residual),
                    "the longest context has " + std::to_string(longest) +
                        " tokens, so that nothing would be quantized",
                    "a residual of no more, or longer prompts"};
    auto const found = detail::each_prompt(context, prompts.size(), [&](std::size_t i) {
        return detail::cache_measure{*model, prompts[i], settings}.all();
    });
    cache_findings out{.model = model->name, .model_hash = engine::hash_model(*model), .settings = settings};
    detail::study_summary{found, settings, model->transformer.shape().num_key_value_heads, out}.fill();
    out.conclusions = conclusions_of(out);
    return out;
}

}  // namespace kvt::inline KVT_ABI::harness
