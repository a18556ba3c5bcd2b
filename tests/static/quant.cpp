// The concepts of kvt/quant: every registered policy meets its own, and what nearly does, does not.
#include <kvt/core/context.hpp>
#include <kvt/quant/optimize.hpp>
#include <kvt/quant/quantizers.hpp>
#include <kvt/quant/range_policies.hpp>
#include <kvt/quant/smooth.hpp>
#include <kvt/quant/symmetric.hpp>
#include <laws/quant_concepts.hpp>

namespace quant = kvt::quant;

namespace mine {

using ranges = std::span<quant::value_range const>;

struct fine {
    static constexpr std::string_view name = "fine";
    void check() const {}
    quant::refined operator()(quant::grouped_values const&, ranges) const { return {}; }
};
KVT_EMPTY_RECORD(fine);

struct unnamed {
    void check() const {}
    quant::refined operator()(quant::grouped_values const&, ranges) const { return {}; }
};
KVT_EMPTY_RECORD(unnamed);

struct unwritten {
    static constexpr std::string_view name = "unwritten";
    void check() const {}
    quant::refined operator()(quant::grouped_values const&, ranges) const { return {}; }
};

struct unchecked {
    static constexpr std::string_view name = "unchecked";
    quant::refined operator()(quant::grouped_values const&, ranges) const { return {}; }
};
KVT_EMPTY_RECORD(unchecked);

struct answers_whether {
    static constexpr std::string_view name = "answers_whether";
    bool check() const { return true; }
    quant::refined operator()(quant::grouped_values const&, ranges) const { return {}; }
};
KVT_EMPTY_RECORD(answers_whether);

struct ranges_alone {
    static constexpr std::string_view name = "ranges_alone";
    void check() const {}
    std::vector<quant::value_range> operator()(quant::grouped_values const&, ranges) const { return {}; }
};
KVT_EMPTY_RECORD(ranges_alone);

struct changes_itself {
    static constexpr std::string_view name = "changes_itself";
    void check() const {}
    quant::refined operator()(quant::grouped_values const&, ranges) { return {}; }
};
KVT_EMPTY_RECORD(changes_itself);

struct grid {
    static constexpr std::string_view name = "grid";
    std::int32_t bits = 4;
    void check() const {}
    quant::code_grid grid_of() const;
    quant::affine parameters(quant::value_range) const;
};
KVT_RECORD(grid, bits);

struct whole_grid {
    static constexpr std::string_view name = "whole_grid";
    std::int32_t bits = 4;
    void check() const {}
    quant::code_grid grid() const;
    quant::affine parameters(quant::value_range) const;
};
KVT_RECORD(whole_grid, bits);

}  // namespace mine

namespace {

static_assert(laws::registered<quant::range_policies>::range_policies());
static_assert(laws::registered<quant::range_policies::with<"fine", mine::fine>>::range_policies());
static_assert(laws::registered<quant::quantizers>::quantizers());
static_assert(laws::token_quantizer_shape<quant::keys_per_channel>());
static_assert(laws::token_quantizer_shape<quant::values_per_token>());

static_assert(quant::range_policy<mine::fine>);
static_assert(!quant::range_policy<mine::unnamed> && !quant::range_policy<mine::unwritten>);
static_assert(!quant::range_policy<mine::unchecked> && !quant::range_policy<mine::answers_whether>);
static_assert(!quant::range_policy<mine::ranges_alone> && !quant::range_policy<mine::changes_itself>);
static_assert(quant::quantizer<mine::whole_grid> && !quant::quantizer<mine::grid>);
static_assert(!quant::quantizer<quant::code_grid> && !quant::range_policy<quant::asymmetric>);
static_assert(!quant::token_quantizer<quant::symmetric>);

// What smoothing and optimizing take and give.
using judged = quant::validated_model<quant::asymmetric>;
static_assert(std::same_as<kvt::stage_output<quant::smooth<>, judged>, judged>);
static_assert(std::same_as<kvt::stage_output<quant::optimize<mine::fine>, judged>, judged>);
static_assert(!kvt::stage_for<quant::smooth<>, quant::quantized_model<quant::asymmetric>>, "judged before smoothed");
static_assert(!kvt::stage_for<quant::smooth<>, kvt::start>);

}  // namespace
