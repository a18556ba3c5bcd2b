// draw: the last stage: pictures of a sweep and its laws, and the numbers in them.
#pragma once

#include <kvt/scaling/figures.hpp>
#include <kvt/scaling/fit.hpp>

namespace kvt::inline KVT_ABI::scaling {

/// What was drawn.
struct drawn {
    std::vector<std::string> files;     ///< pictures and series, in order
    std::vector<std::string> failures;  ///< figures that could not be drawn, and why
    std::size_t figures = 0;            ///< that were
};

/// Which pictures are wanted.
enum class figure_format : std::uint8_t {
    svg,  ///< alone
    png,  ///< and SVG beside it
};
KVT_CHOICE(figure_format, "svg", "png");

/// For a page, in letters with serifs: 8 x 6 inches, 300 dpi; or for a screen: 10 x 7 inches, 100 dpi (scaling-laws 5). The
/// picture of three panels is of 15 x 5 inches in both.
enum class figure_style : std::uint8_t { paper, notebook };
KVT_CHOICE(figure_style, "paper", "notebook");

struct draw_options {
    std::string folder = "outputs/plots";
    figure_format format = figure_format::png;
    std::int64_t decimals = 2;  ///< as in `bucket_key`
    figure_style style = figure_style::paper;
    std::optional<std::int64_t> dpi{};  ///< of PNG; null: the style's

    [[nodiscard]] report::look look() const {
        bool const paper = style == figure_style::paper;
        return {.width = paper ? 8.0 : 10.0,
                .height = paper ? 6.0 : 7.0,
                .dpi = dpi.value_or(paper ? 300 : 100),
                .letters = paper ? report::letters::serif : report::letters::sans};
    }
};
KVT_RECORD(draw_options, folder, format, decimals, style, dpi);

namespace detail {
[[nodiscard]] drawn draw_figures(run_context& context, std::span<run_point const> points, law_triple const* laws,
                                 draw_options const& options);
}

/// Figures of runs alone, or with laws. A figure that fails is reported and left out; where none could be drawn, the first
/// failure is thrown. Beside each picture `<name>.json` has its series.
[[nodiscard]] inline drawn draw_runs(run_context& context, std::span<run_point const> points, law_triple const* laws,
                                     draw_options const& options) {
    return detail::draw_figures(context, points, laws, options);
}

/// `isoflops_curves`, `scaling_laws` (three panels: best N, D and loss) and `tokens_per_param`.
struct draw {
    using stage_concept = stage_tag;
    static constexpr std::string_view name = "draw";
    draw_options options{};

    explicit draw(std::string folder = "outputs/plots") { options.folder = std::move(folder); }
    explicit draw(draw_options how) : options{std::move(how)} {}

    drawn operator()(run_context& context, fitted const& from) const {
        auto const laws = from.laws.triple();
        return detail::draw_figures(context, from.points, &laws, options);
    }
};

}  // namespace kvt::inline KVT_ABI::scaling

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/scaling/detail/draw.ipp>
#endif
