// The laws of kvt::cache::policy: every model of the concept passes them.
#pragma once

#include <doctest/doctest.h>

#include <kvt/cache/any_policy.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace laws {

/// One KV head's list with attention drawn from a stream: `group` query heads, rows of the last 64 queries.
struct made_head {
    std::vector<std::int32_t> positions;
    std::vector<kvt::cache::observed_head> queries;
    std::vector<float> keys, values;
    std::int32_t head_dim = 4;

    made_head(std::int32_t length, std::int32_t group, kvt::random_stream draw, bool ties = false) {
        std::int32_t position = 0;
        for (std::int32_t slot = 0; slot < length; ++slot) {
            positions.push_back(position);
            position += 1 + static_cast<std::int32_t>(draw.below(3));  // positions may have gaps after evictions
        }
        auto const level = [&] { return ties ? static_cast<double>(draw.below(3)) / 4 : draw.unit(); };
        for (std::int32_t g = 0; g < group; ++g) {
            kvt::cache::observed_head head;
            for (std::int32_t slot = 0; slot < length; ++slot) head.sums.push_back(level());
            for (int r = 0; r < 64; ++r) {
                head.rows.emplace_back();
                for (std::int32_t slot = 0; slot < length; ++slot)
                    head.rows.back().push_back(static_cast<float>(level()));
            }
            queries.push_back(std::move(head));
        }
        for (std::int32_t i = 0; i < length * head_dim; ++i) {
            keys.push_back(static_cast<float>(draw.unit() - 0.5));
            values.push_back(static_cast<float>(draw.unit() - 0.5));
        }
    }
    [[nodiscard]] kvt::cache::head_view view(std::int32_t layer = 0, std::int32_t kv_head = 0) const {
        return {.layer = layer,
                .kv_head = kv_head,
                .positions = positions,
                .queries = queries,
                .keys = keys,
                .values = values,
                .head_dim = head_dim,
                .incoming = 0};
    }
};

template <kvt::cache::policy P>
std::vector<std::int32_t> chosen(P const& p, kvt::cache::head_view const& view, std::int32_t slots,
                                 kvt::random_stream stream) {
    std::vector<std::int32_t> kept;
    p.select(view, slots, stream, kept);
    return kept;
}

/// `evicts`: whether the policy may be asked to keep less than everything.
template <kvt::cache::policy P> void cache_policy_laws(P const& p, bool evicts = true) {
    kvt::random_stream draws{7, "cache policy laws"};
    for (std::int32_t length : {1, 2, 3, 7, 33, 100, 257})
        for (std::int32_t group : {1, 2, 4})
            for (bool ties : {false, true}) {
                made_head const head{length, group, kvt::random_stream{draws.next()}, ties};
                kvt::random_stream const stream{draws.next()};
                for (std::int32_t slots : {1, 2, 3, 6, 11, 32, 99, 256, 300}) {
                    if (!evicts && slots < length) continue;
                    for (std::int32_t incoming : {0, 1}) {
                        INFO("length ", length, ", group ", group, ", slots ", slots, ", incoming ", incoming);
                        auto view = head.view();
                        view.incoming = incoming;
                        auto const kept = chosen(p, view, slots, stream);
                        REQUIRE(static_cast<std::int32_t>(kept.size()) == std::min(slots, length));
                        CHECK(std::is_sorted(kept.begin(), kept.end()));
                        CHECK(std::adjacent_find(kept.begin(), kept.end()) == kept.end());
                        CHECK(kept.front() >= 0);
                        CHECK(kept.back() < length);
                        CHECK(chosen(p, view, slots, stream) == kept);  // the same for the same view and stream
                        view.layer = 5, view.kv_head = 3;               // nor does it matter which head it is
                        CHECK(chosen(p, view, slots, stream) == kept);
                        CHECK(kvt::cache::any_policy{p}.select(view, slots, stream) == kept);
                    }
                }
            }
}

}  // namespace laws
