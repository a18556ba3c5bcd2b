#include <kvt/data/sampling_settings.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>

using namespace kvt;
using namespace kvt::data;

namespace {

sampling_settings read(std::string_view text) { return read_sampling(parse_json(text)); }
std::string refused(std::string_view text) {
    auto const e = error_of<data_error>([&] { (void)read(text); });
    REQUIRE(e);
    CHECK(e->exit_code() == 2);
    return std::string{name_of(e->code())} + " " + e->where();
}

}  // namespace

TEST_CASE("the sections become a rule") {
    auto const s = read(R"({"dataset": {"n_per_bin": 4, "seed": "7", "max_prompt_tokens": " 20 "},
                            "binning": {"n_bins": 3, "max_token_len": 99}})");
    CHECK(s.bins.n_bins == 3);
    CHECK(s.how.n_per_bin == 4);
    CHECK(s.how.seed == 7);
    CHECK(s.how.max_prompt_tokens == 20);
    CHECK(s.how.max_token_len == 99);
    CHECK_FALSE(s.how.focus);
    CHECK(read(R"({"dataset": {"n_per_bin": 4, "seed": "x"}, "binning": {"n_bins": 3}})").how.seed == 0);
    CHECK_FALSE(read(R"({"dataset": {"n_per_bin": 4, "seed": null}, "binning": {"n_bins": 3}})").how.seed);
}

TEST_CASE("rules that do not apply are not read") {
    auto const pins = read(
        R"({"dataset": {"pinned_entry_indices": ["2", 1], "sanity_slices": [{"n": 0}]}, "binning": {"n_bins": 1}})");
    CHECK(pins.how.pinned_entry_indices == std::vector<std::int64_t>{2, 1});
    CHECK(pins.how.sanity_slices.empty());
    CHECK_FALSE(pins.how.n_per_bin);
    auto const slices =
        read(R"({"dataset": {"pinned_entry_indices": [], "sanity_slices": [{"name": "a", "n": 2, "min_pct": 5}]},
                                 "binning": {"n_bins": 1}})");
    REQUIRE(slices.how.sanity_slices.size() == 1);
    CHECK(slices.how.sanity_slices[0].min_pct == 5.0);
    auto const focus =
        read(R"({"dataset": {"n_per_bin": null}, "binning": {"n_bins": 1}, "sampling": {"strategy": "focus_transition",
                                "focus": {"focus_bins": [0], "base_n_per_bin": 1, "focus_n_per_bin": 4}}})");
    REQUIRE(focus.how.focus);
    CHECK(focus.how.focus->focus_n_per_bin == 4);
}

TEST_CASE("the first wrong key is named") {
    CHECK(refused(R"({})") == "N_BINS binning.n_bins");
    CHECK(refused(R"({"binning": {"n_bins": true}})") == "N_BINS binning.n_bins");
    CHECK(refused(R"({"binning": {"n_bins": 2}})") == "N_PER_BIN dataset.n_per_bin");
    CHECK(refused(R"({"binning": {"n_bins": 2, "max_token_len": 2.0}})") == "BAD_CAP binning.max_token_len");
    CHECK(refused(R"({"binning": {"n_bins": 2}, "dataset": {"n_per_bin": 1, "max_prompt_tokens": false}})") ==
          "BAD_CAP dataset.max_prompt_tokens");
    CHECK(refused(R"({"binning": {"n_bins": 2}, "dataset": {"seed": 1.5}})") == "BAD_SEED dataset.seed");
    CHECK(refused(R"({"binning": {"n_bins": 2}, "dataset": {"pinned_entry_indices": 3}})") ==
          "PIN_TYPE dataset.pinned_entry_indices");
    CHECK(refused(R"({"binning": {"n_bins": 2}, "dataset": {"sanity_slices": [{"n": 1, "min_pct": "x"}]}})") ==
          "SLICE_TYPE dataset.sanity_slices[0].min_pct");
    CHECK(refused(R"({"binning": {"n_bins": 2}, "dataset": {"n_per_bin": 1}, "sampling": {"strategy": "random"}})") ==
          "BAD_STRATEGY sampling.strategy");
    CHECK(refused(R"({"binning": {"n_bins": 2}, "sampling": {"strategy": "focus_transition"}})") ==
          "FOCUS_MISSING sampling.focus");
}
