// The stage contract and the pipeline's types.
#include <kvt/core/context.hpp>
#include <kvt/core/pipeline.hpp>

#include <string>
#include <type_traits>

namespace room {

struct rows {};
struct scores {};

struct load {
    using stage_concept = kvt::stage_tag;
    static constexpr std::string_view name = "load";
    rows operator()(kvt::run_context&, kvt::start) const { return {}; }
};
struct score {
    using stage_concept = kvt::stage_tag;
    static constexpr std::string_view name = "score";
    scores const& operator()(kvt::run_context&, rows const&) const;
};
struct untagged {
    static constexpr std::string_view name = "untagged";
    rows operator()(kvt::run_context&, kvt::start) const;
};
struct unnamed {
    using stage_concept = kvt::stage_tag;
    rows operator()(kvt::run_context&, kvt::start) const;
};
struct mutating {
    using stage_concept = kvt::stage_tag;
    static constexpr std::string_view name = "mutating";
    rows operator()(kvt::run_context&, kvt::start);
};
struct pinned {
    using stage_concept = kvt::stage_tag;
    static constexpr std::string_view name = "pinned";
    pinned() = default;
    pinned(pinned const&) = delete;
    rows operator()(kvt::run_context&, kvt::start) const;
};

static_assert(kvt::stage<load> && kvt::stage<score>);
static_assert(!kvt::stage<untagged> && !kvt::stage<unnamed> && !kvt::stage<pinned>);
static_assert(kvt::stage_for<load, kvt::start> && !kvt::stage_for<load, rows>);
static_assert(kvt::stage_for<score, rows> && !kvt::stage_for<score, kvt::start>);
static_assert(!kvt::stage_for<mutating, kvt::start>, "a stage runs through its const call operator");

// What a stage returns by reference is handed on by value.
static_assert(std::same_as<kvt::stage_output<score, rows>, scores>);
static_assert(std::same_as<kvt::pipeline<load, score>::output, scores>);
static_assert(std::same_as<kvt::pipeline<>::output, kvt::start>);
static_assert(std::same_as<decltype(kvt::pipeline{load{}, score{}}), kvt::pipeline<load, score>>);
static_assert(std::is_empty_v<load> && sizeof(kvt::pipeline<load>) == 1, "composition adds no state");

static_assert(!std::is_copy_constructible_v<kvt::run_context>);

}  // namespace room
