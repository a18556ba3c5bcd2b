// What a cache study measures on one prompt.
#pragma once

#include <kvt/harness/detail/cache_subject.ipp>
#include <kvt/harness/detail/prompt_findings.ipp>
#include <kvt/model/rotary.hpp>
#include <kvt/numeric/rank_correlation.hpp>
#include <kvt/quant/smoothed_keys.hpp>
#include <kvt/quant/token_smoothness.hpp>

#include <array>
#include <numeric>

namespace kvt::inline KVT_ABI::harness::detail {

class cache_measure {
  public:
    cache_measure(engine::language_model const& m, study_prompt const& prompt, cache_study_settings const& how)
        : prompt_{prompt}, how_{how}, subject_{m, prompt, how}, rotary_{m.transformer.shape()},
          positions_(subject_.context()) {
        std::iota(positions_.begin(), positions_.end(), 0);
        build_probes();
    }

    [[nodiscard]] prompt_findings all() {
        out_.tokens = subject_.context();
        out_.answered = subject_.base().right, out_.loss = subject_.base().loss;
        for (auto const group : how_.groups) measure_group_size(group);
        for (auto const part : key_parts) measure_eviction(part);
        return std::move(out_);
    }

  private:
    [[nodiscard]] std::size_t dim() const { return static_cast<std::size_t>(subject_.shape().head_dim); }
    [[nodiscard]] std::int32_t heads() const { return subject_.shape().num_key_value_heads; }
    [[nodiscard]] std::size_t lists() const {
        return static_cast<std::size_t>(subject_.shape().num_hidden_layers * heads());
    }
    [[nodiscard]] std::int32_t layer_of(std::size_t list) const { return static_cast<std::int32_t>(list) / heads(); }
    [[nodiscard]] std::int32_t head_of(std::size_t list) const { return static_cast<std::int32_t>(list) % heads(); }

    void build_probes() {
        std::int32_t const share = subject_.shape().group_size();
        for (std::size_t list = 0; list < lists(); ++list)
            for (std::int32_t q = head_of(list) * share; q < (head_of(list) + 1) * share; ++q)
                probes_.emplace_back(subject_.queries(layer_of(list), q), dim(), subject_.context(),
                                     subject_.exact().keys(layer_of(list), head_of(list)),
                                     subject_.exact().values(layer_of(list), head_of(list)));
    }

    /// The context's rows of one list, keys unrotated where the part says so.
    [[nodiscard]] floats exact_rows(cache_part part, std::size_t list) const {
        auto const& from = subject_.exact();
        auto const all = part == cache_part::values ? from.values(layer_of(list), head_of(list))
                                                    : from.keys(layer_of(list), head_of(list));
        floats out(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(subject_.context() * dim()));
        if (part == cache_part::keys_before_rotation) rotary_.unrotate(out, positions_);
        return out;
    }
    [[nodiscard]] quantized_part quantize(cache_part part, std::int64_t bits, std::int64_t group) const {
        auto const width = static_cast<std::int32_t>(bits);
        if (part == cache_part::values)
            return quantize(part, quant::values_per_token{width, group, how_.residual, how_.parameters});
        return quantize(part, quant::keys_per_channel{width, group, how_.residual, how_.parameters});
    }
    [[nodiscard]] quantized_part quantize(cache_part part, quant::token_quantizer auto const& how) const {
        quantized_part out{.bits = how.bits};
        for (std::size_t list = 0; list < lists(); ++list) {
            auto rows = exact_rows(part, list);
            out.groups.push_back(how.reconstruct(rows, dim()));
            if (part == cache_part::keys_before_rotation) rotary_.rotate(rows, positions_);
            rows.resize(static_cast<std::size_t>(out.groups.back().quantized_tokens) * dim());
            out.rows.push_back(std::move(rows));
        }
        return out;
    }

    void measure_group_size(std::int64_t group) {
        bool const first = out_.mixes.empty();
        out_.noise.emplace_back(), out_.mixes.emplace_back();
        for (auto const bits : how_.bits) {
            quantized_part parts[3];
            for (auto const part : cache_parts) parts[static_cast<std::size_t>(part)] = quantize(part, bits, group);
            if (bits == how_.bits.front()) measure_smoothness(parts, first);
            out_.noise.back().emplace_back();
            for (auto const& part : parts) out_.noise.back().back().push_back(noise_of(part));
            out_.mixes.back().emplace_back();
            for (auto const mix : cache_mixes) out_.mixes.back().back().push_back(measure_mix(parts, mix, group));
            if (!first) continue;
            out_.parts.emplace_back();
            for (auto const part : cache_parts)
                out_.parts.back().push_back(measure_groups(part, parts[static_cast<std::size_t>(part)], group));
            out_.online.emplace_back();
            for (auto const part : key_parts)
                out_.online.back().push_back(measure_online(part, parts[static_cast<std::size_t>(part)], group));
        }
    }

    void measure_smoothness(std::span<quantized_part const> parts, bool first) {
        out_.smoothness.emplace_back();
        for (auto const& part : parts) {
            out_.smoothness.back().emplace_back();
            for (auto const& groups : part.groups) {
                auto const s = quant::smoothness_of(groups, part.bits);
                out_.smoothness.back().back().push_back({s.score, s.worst, s.headline, s.boundaries});
            }
            if (first) out_.places.push_back(places_of(part));
        }
    }

    static part_noise noise_of(quantized_part const& part) {
        part_noise out;
        auto const n = static_cast<double>(part.groups.size());
        for (auto const& g : part.groups) {
            double power = 0;
            for (auto const& a : g.parameters) power += a.scale * a.scale / 12;
            if (!g.parameters.empty()) out.expected += power / static_cast<double>(g.parameters.size()) / n;
            out.mse += g.mse / n, out.bits_per_element += g.bits_per_element / n;
        }
        return out;
    }

    /// What attention makes of one list's changed rows, over the query heads that share it.
    [[nodiscard]] model::attention_change change_of(std::size_t list, quantized_part const* keys,
                                                    quantized_part const* values, model::attention_variant::made when,
                                                    std::int64_t group) const {
        model::attention_variant v{.group_tokens = static_cast<std::size_t>(group), .when = when};
        reals key_errors, value_errors;
        floats key_rows, value_rows;
        if (keys != nullptr) {
            key_rows = keys->rows[list];
            v.changed = key_rows.size() / dim();
            for (auto const& a : keys->groups[list].parameters) key_errors.push_back(a.scale / 2);
        }
        if (values != nullptr) {
            value_rows = values->rows[list];
            v.changed = std::max(v.changed, value_rows.size() / dim());
            value_errors = row_means(values->groups[list], [](quant::affine const& a) { return a.scale / 2; });
            value_errors.resize(v.changed);
        }
        auto const fill = [&](floats& rows, std::span<float const> exact) {  // keys and values have their own residual
            rows.insert(rows.end(), exact.begin() + static_cast<std::ptrdiff_t>(rows.size()),
                        exact.begin() + static_cast<std::ptrdiff_t>(v.changed * dim()));
        };
        auto const& exact = subject_.exact();
        if (keys != nullptr) fill(key_rows, exact.keys(layer_of(list), head_of(list))), v.keys = key_rows;
        if (values != nullptr) fill(value_rows, exact.values(layer_of(list), head_of(list))), v.values = value_rows;
        std::size_t const groups = (v.changed + v.group_tokens - 1) / v.group_tokens;
        key_errors.resize(keys == nullptr ? 0 : groups * dim());
        v.key_errors = key_errors, v.value_errors = value_errors;
        model::attention_change out;
        auto const share = static_cast<std::size_t>(subject_.shape().group_size());
        for (std::size_t q = 0; q < share; ++q) out += probes_[list * share + q].change(v);
        return out;
    }

    [[nodiscard]] std::vector<model::attention_change>& changes_of(cache_mix mix) {
        return changes_[static_cast<std::size_t>(mix)];
    }
    [[nodiscard]] std::vector<model::attention_change> const& changes_of(cache_mix mix) const {
        return changes_[static_cast<std::size_t>(mix)];
    }
    /// The question asked of a cache whose keys or values these replace.
    [[nodiscard]] cache_answer answer_with(quantized_part const* keys, quantized_part const* values) const {
        auto cache = subject_.context_alone();
        for (std::size_t list = 0; list < lists(); ++list) {
            if (keys != nullptr) std::ranges::copy(keys->rows[list], cache.keys(list).begin());
            if (values != nullptr) std::ranges::copy(values->rows[list], cache.values(list).begin());
        }
        return subject_.ask(cache);
    }
    [[nodiscard]] mix_result measure_mix(std::span<quantized_part const> parts, cache_mix mix, std::int64_t group) {
        bool const before = mix == cache_mix::keys_before_rotation || mix == cache_mix::both_before_rotation;
        auto const* const keys = mix == cache_mix::values ? nullptr : &parts[before ? 1 : 0];
        auto const* const values =
            mix == cache_mix::keys || mix == cache_mix::keys_before_rotation ? nullptr : &parts[2];
        auto& changes = changes_of(mix);
        changes.clear();
        mix_result out{.attention = {}, .answer = answer_with(keys, values)};
        for (std::size_t list = 0; list < lists(); ++list) {
            changes.push_back(change_of(list, keys, values, made(before), group));
            out.attention += changes.back();
        }
        latest_[static_cast<std::size_t>(mix)] = out.answer;
        return out;
    }
    [[nodiscard]] static model::attention_variant::made made(bool before) {
        return before ? model::attention_variant::made::before_rotation : model::attention_variant::made::as_stored;
    }

    [[nodiscard]] double mean_score(quantized_part const& part) const {
        double sum = 0;
        for (auto const& g : part.groups) sum += quant::smoothness_of(g, part.bits).score;
        return sum / static_cast<double>(part.groups.size());
    }
    /// Keys with ranges that lean on the past, beside `plain`, whose changes and answer (the latest mix of them) are known.
    [[nodiscard]] online_result measure_online(cache_part part, quantized_part const& plain, std::int64_t group) const {
        auto const smooth = quantize(part, quant::smoothed_keys{plain.bits, group, how_.residual, how_.parameters});
        online_result out{.score_before = mean_score(plain),
                          .score_after = mean_score(smooth),
                          .mse_before = noise_of(plain).mse,
                          .mse_after = noise_of(smooth).mse,
                          .lost_before = subject_.base().right && !latest_[static_cast<std::size_t>(alone(part))].right,
                          .lost_after = subject_.base().right && !answer_with(&smooth, nullptr).right};
        for (std::size_t list = 0; list < lists(); ++list) {
            out.before += changes_of(alone(part))[list];
            out.after += change_of(list, &smooth, nullptr, made(part == cache_part::keys_before_rotation), group);
        }
        return out;
    }

    /// A figure of each row's parameters, averaged.
    template <class F> static reals row_means(quant::token_groups const& g, F&& of) {
        reals out;
        for (std::int64_t r = 0; r < g.rows(); ++r) {
            double sum = 0;
            for (std::int64_t c = 0; c < g.columns; ++c) sum += of(g.at(r, c));
            out.push_back(sum / static_cast<double>(g.columns));
        }
        return out;
    }
    /// Rows of parameters `[first, last)` that belong to a token group.
    static std::pair<std::size_t, std::size_t> rows_in(quant::token_groups const& g, std::int64_t group,
                                                       std::size_t k) {
        auto const each = static_cast<std::size_t>(group / g.tokens_per_row), all = static_cast<std::size_t>(g.rows());
        return {k * each, std::min(all, (k + 1) * each)};
    }
    /// 1 less the mean score of the boundaries that a token group touches.
    static double roughness_of(reals const& boundaries, std::pair<std::size_t, std::size_t> rows) {
        std::size_t const from = rows.first == 0 ? 0 : rows.first - 1, to = std::min(rows.second, boundaries.size());
        double sum = 0;
        for (std::size_t i = from; i < to; ++i) sum += 1 - boundaries[i];
        return to > from ? sum / static_cast<double>(to - from) : 0;
    }

    /// How much the queries ask of each channel of a list's keys, summed over them; of a pair before its rotation, both
    /// channels share it.
    [[nodiscard]] reals query_weights(cache_part part, std::size_t list) const {
        reals out(dim());
        std::int32_t const share = subject_.shape().group_size();
        std::size_t const half = dim() / 2;
        for (std::int32_t h = head_of(list) * share; h < (head_of(list) + 1) * share; ++h) {
            auto const queries = subject_.queries(layer_of(list), h);
            for (std::size_t i = 0; i < queries.size(); ++i) {
                std::size_t const d = i % dim(), pair = i - d + (d < half ? d + half : d - half);
                out[d] += part == cache_part::keys ? std::abs(queries[i]) : std::hypot(queries[i], queries[pair]);
            }
        }
        return out;
    }
    [[nodiscard]] list_groups look_at(std::size_t list, cache_part part, quantized_part const& q,
                                      std::int64_t group) const {
        using enum group_predictor;
        auto const& change = changes_of(alone(part))[list];
        auto const& g = q.groups[list];
        auto const even = quant::smoothness_of(g, q.bits).boundaries;
        auto const asked = part == cache_part::values
                               ? reals{}
                               : quant::smoothness_of(g, q.bits, query_weights(part, list)).boundaries;
        auto const power = row_means(g, [](quant::affine const& a) { return a.scale * a.scale / 12; });
        list_groups out{.error = change.group_errors()};
        out[query_bound] = change.group_bound, out[attention_times_scale] = change.group_exposure;
        out[attention_mass] = change.group_mass;
        for (std::size_t k = 0; k < out.error.size(); ++k) {
            auto const [from, to] = rows_in(g, group, k);
            out[roughness].push_back(roughness_of(even, {from, to}));
            if (part != cache_part::values) out[weighted_roughness].push_back(roughness_of(asked, {from, to}));
            out[noise_power].push_back(numeric::mean(std::span{power}.subspan(from, to - from)).value_or(0));
        }
        return out;
    }

    [[nodiscard]] part_result measure_groups(cache_part part, quantized_part const& q, std::int64_t group) {
        part_result out;
        list_groups mean;
        for (std::size_t list = 0; list < lists(); ++list) {
            auto const one = look_at(list, part, q, group);
            if (one.error.size() < least_groups) return {.heads = std::vector<predictor_values>(lists())};
            out.heads.push_back(one.correlations(one.error));
            mean.add(one, 1 / static_cast<double>(lists()));
        }
        for (std::size_t s = 0; s < group_predictors; ++s) {
            reals defined;
            for (auto const& of : out.heads)
                if (of[s]) defined.push_back(*of[s]);
            out.predictors[0][s] = mean_of(defined);
        }
        reals losses, lost;
        auto cache = subject_.context_alone();
        for (std::size_t k = 0; k < mean.error.size(); ++k) {
            auto const answer = ask_with_group(cache, part, q, group, k);
            losses.push_back(answer.loss - subject_.base().loss);
            lost.push_back(subject_.base().right && !answer.right ? 1 : 0);
            out.groups.push_back({mean.error[k], losses.back(), lost.back() > 0,
                                  holds_evidence(static_cast<std::int64_t>(k) * group, group),
                                  mean[group_predictor::roughness][k]});
        }
        out.predictors[1] = mean.correlations(losses);
        if (subject_.base().right) out.lost = mean.shares(lost);
        return out;
    }

    [[nodiscard]] cache_answer ask_with_group(replaceable_storage& cache, cache_part part, quantized_part const& q,
                                              std::int64_t group, std::size_t k) const {
        auto const put = [&](std::size_t list, std::span<float const> rows) {
            std::size_t const from = k * static_cast<std::size_t>(group) * dim(),
                              to = std::min(q.rows[list].size(), from + static_cast<std::size_t>(group) * dim());
            auto const target = part == cache_part::values ? cache.values(list) : cache.keys(list);
            std::copy(rows.begin() + static_cast<std::ptrdiff_t>(from), rows.begin() + static_cast<std::ptrdiff_t>(to),
                      target.begin() + static_cast<std::ptrdiff_t>(from));
        };
        for (std::size_t list = 0; list < lists(); ++list) put(list, q.rows[list]);
        auto const answer = subject_.ask(cache);
        auto const& exact = subject_.exact();
        for (std::size_t list = 0; list < lists(); ++list)
            put(list, part == cache_part::values ? exact.values(layer_of(list), head_of(list))
                                                 : exact.keys(layer_of(list), head_of(list)));
        return answer;
    }
    [[nodiscard]] bool holds_evidence(std::int64_t first, std::int64_t count) const {
        return std::ranges::any_of(prompt_.evidence,
                                   [&](data::token_span const& s) { return s.begin < first + count && s.end > first; });
    }

    [[nodiscard]] place_scores places_of(quantized_part const& part) const {
        reals first, later, evidence, elsewhere;
        for (auto const& g : part.groups) {
            auto const s = quant::smoothness_of(g, part.bits);
            for (std::size_t i = 0; i < s.boundaries.size(); ++i) {
                (i == 0 ? first : later).push_back(s.boundaries[i]);
                auto const start = static_cast<std::int64_t>(i) * g.tokens_per_row;
                (holds_evidence(start, 2 * g.tokens_per_row) ? evidence : elsewhere).push_back(s.boundaries[i]);
            }
        }
        return {mean_of(first), mean_of(later), mean_of(evidence), mean_of(elsewhere)};
    }

    void measure_eviction(cache_part part) {
        auto const group = static_cast<std::size_t>(how_.groups.front());
        auto const width = static_cast<std::int32_t>(how_.bits.front());
        out_.eviction.emplace_back();
        for (std::size_t list = 0; list < lists(); ++list) {
            auto const rows = exact_rows(part, list);
            floats left;
            std::vector<std::size_t> full, cache, time;  // bounds of groups
            for (std::size_t t = 0; t + group <= subject_.context(); t += group) full.push_back(t);
            full.push_back(full.empty() ? 0 : full.back() + group);
            std::size_t window = 0;
            for (auto const slot : subject_.kept()[list]) {
                auto const at = static_cast<std::size_t>(slot), now = left.size() / dim();
                if (now % group == 0) cache.push_back(now);
                if (time.empty() || at / group != window) time.push_back(now), window = at / group;
                left.insert(left.end(), rows.begin() + static_cast<std::ptrdiff_t>(at * dim()),
                            rows.begin() + static_cast<std::ptrdiff_t>((at + 1) * dim()));
            }
            time.push_back(left.size() / dim());
            if (left.size() / dim() % group == 0) cache.push_back(left.size() / dim());
            auto const score = [&](floats const& of, std::span<std::size_t const> bounds) {
                return quant::smoothness_of(quant::channel_groups(of, dim(), bounds, width), width).score;
            };
            out_.eviction.back().push_back({score(rows, full), score(left, cache), score(left, time)});
        }
    }

    static constexpr std::size_t least_groups = 4;  ///< fewer have no order worth a correlation

    study_prompt const& prompt_;
    cache_study_settings const& how_;
    cache_subject subject_;
    model::rotary rotary_;
    std::vector<std::int32_t> positions_;
    std::vector<model::attention_probe> probes_;  ///< list by list, the query heads that share it
    std::vector<model::attention_change> changes_[std::size(cache_mixes)];  ///< the latest of each mix
    cache_answer latest_[std::size(cache_mixes)];
    prompt_findings out_;
};

}  // namespace kvt::inline KVT_ABI::harness::detail
