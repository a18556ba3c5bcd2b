#pragma once

#include <kvt/version.hpp>

#include <string_view>

namespace kvt::inline KVT_ABI::report::detail {

/// The style sheet inside every HTML report. Colours are named once; the dark set applies to screens alone, so that print
/// is always dark on light.
inline constexpr std::string_view html_style = R"css(
:root { color-scheme: light dark;
  --ink: #1f2328; --soft: #57606a; --line: #d8dee4; --paper: #ffffff; --panel: #f6f8fa; --stripe: #fafbfc;
  --accent: #0b5cad; --info: #0b5cad; --info-back: #eef5fc; --good: #1a7f46; --good-back: #edf8f1;
  --caution: #8f6100; --caution-back: #fdf6e3; --danger: #b42318; --danger-back: #fdf0ef; --plot: #ffffff;
  --text: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; }
@media screen and (prefers-color-scheme: dark) { :root {
  --ink: #e6edf3; --soft: #9da7b1; --line: #30363d; --paper: #0f1318; --panel: #171c23; --stripe: #141920;
  --accent: #6cb2ff; --info: #6cb2ff; --info-back: #132337; --good: #57c785; --good-back: #12281b;
  --caution: #e3b341; --caution-back: #2b2411; --danger: #ff8a80; --danger-back: #331917; --plot: #0f1318; } }
*, *::before, *::after { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; color: var(--ink); background: var(--paper); font: 1rem/1.6 var(--text); }
a { color: var(--accent); text-underline-offset: 0.15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; padding: 0.5rem 1rem; background: var(--paper); z-index: 2; }
.page { display: grid; grid-template-columns: minmax(0, 1fr); max-width: 92rem; margin: 0 auto; padding: 0 1.25rem; }
main { min-width: 0; max-width: 72rem; width: 100%; padding: 2.5rem 0 4rem; }
.contents { font-size: 0.9rem; line-height: 1.45; }
.contents details { border: 1px solid var(--line); border-radius: 8px; padding: 0.7rem 1rem; margin-top: 1.5rem; }
.contents summary { font-weight: 600; cursor: pointer; }
.folded { border: 1px solid var(--line); border-radius: 8px; padding: 0.5rem 1rem; margin: 0.6rem 0; }
.folded > summary { font-weight: 600; cursor: pointer; }
.folded[open] > summary { margin-bottom: 0.7rem; }
.contents ol { list-style: none; margin: 0.6rem 0 0; padding: 0; }
.contents li { margin: 0.1rem 0; }
.contents .level-3 { padding-left: 1rem; }
.contents .level-4 { padding-left: 2rem; }
.contents a { display: block; padding: 0.15rem 0; color: var(--soft); text-decoration: none; overflow-wrap: anywhere; }
.contents a:hover, .contents a:focus { color: var(--accent); text-decoration: underline; }
@media screen and (min-width: 70rem) {
  .page.with-contents { grid-template-columns: 15rem minmax(0, 1fr); column-gap: 3.5rem; }
  .contents details { position: sticky; top: 2rem; margin-top: 2.9rem; border: 0; padding: 0; max-height: calc(100vh - 4rem);
    overflow-y: auto; } }
.masthead { border-bottom: 1px solid var(--line); padding-bottom: 1.25rem; margin-bottom: 1.75rem; }
h1, h2, h3, h4 { line-height: 1.25; overflow-wrap: anywhere; text-wrap: balance; }
h1 { font-size: clamp(1.6rem, 1.2rem + 1.8vw, 2.2rem); letter-spacing: -0.015em; margin: 0; }
h2 { font-size: 1.45rem; letter-spacing: -0.01em; margin: 3rem 0 1rem; padding-top: 0.25rem; scroll-margin-top: 1rem; }
h3 { font-size: 1.12rem; margin: 2.2rem 0 0.75rem; scroll-margin-top: 1rem; }
h4 { font-size: 1rem; margin: 1.6rem 0 0.5rem; color: var(--soft); scroll-margin-top: 1rem; }
.subtitle { color: var(--soft); font-size: 1.05rem; margin: 0.5rem 0 0; }
p { margin: 0 0 1rem; max-width: 46rem; overflow-wrap: anywhere; }
ul { margin: 0 0 1rem; padding-left: 1.3rem; max-width: 46rem; }
li { margin: 0.25rem 0; overflow-wrap: anywhere; }
code, pre, .code { font-family: var(--mono); font-size: 0.87em; }
code { background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: 0.05em 0.3em; overflow-wrap: anywhere; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 0.9rem 1.1rem; overflow-x: auto;
  line-height: 1.5; margin: 0 0 1.25rem; }
pre code { background: none; border: 0; padding: 0; font-size: 1em; overflow-wrap: normal; }
.note { --tone: var(--info); --back: var(--info-back); display: flex; flex-wrap: wrap; gap: 0.2rem 0.9rem; align-items: baseline;
  border: 1px solid color-mix(in srgb, var(--tone) 30%, transparent); border-left: 5px solid var(--tone); border-radius: 6px;
  background: var(--back); padding: 0.75rem 1.1rem; margin: 0 0 1.25rem; }
.note strong.label { color: var(--tone); letter-spacing: 0.03em; }
.note p { margin: 0; flex: 1 1 24rem; max-width: none; }
.good { --tone: var(--good) !important; --back: var(--good-back) !important; }
.caution { --tone: var(--caution) !important; --back: var(--caution-back) !important; }
.danger { --tone: var(--danger) !important; --back: var(--danger-back) !important; }
.highlights { display: grid; grid-template-columns: repeat(auto-fit, minmax(11.5rem, 1fr)); gap: 0.9rem; margin: 0 0 1.5rem;
  padding: 0; list-style: none; max-width: none; }
.highlights li { --tone: var(--ink); border: 1px solid var(--line); border-radius: 8px; background: var(--panel);
  padding: 0.85rem 1rem; margin: 0; }
.highlights .value { display: block; font-size: 1.7rem; line-height: 1.2; font-weight: 650; letter-spacing: -0.02em;
  color: var(--tone); font-variant-numeric: tabular-nums; }
.highlights .label { display: block; font-size: 0.9rem; font-weight: 600; margin-top: 0.2rem; }
.highlights .detail { display: block; font-size: 0.83rem; color: var(--soft); }
.verdict { --ground: var(--panel); --on: var(--ink); background: var(--ground); color: var(--on); border-radius: 10px;
  padding: 1.4rem 1.6rem; margin: 0 0 1.5rem; }
.verdict.good { --ground: #1a7f46; --on: #ffffff; }
.verdict.caution { --ground: #f2b01e; --on: #1f1600; }
.verdict.danger { --ground: #b42318; --on: #ffffff; }
.verdict .label { display: block; font-weight: 600; }
.verdict .value { display: block; font-size: 3.4rem; line-height: 1.15; font-weight: 700; letter-spacing: -0.02em;
  font-variant-numeric: tabular-nums; }
.verdict .detail { display: block; }
.facts { display: grid; grid-template-columns: minmax(9rem, max-content) minmax(0, 1fr); margin: 0 0 1.5rem; max-width: 60rem; }
.facts dt, .facts dd { margin: 0; padding: 0.35rem 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--soft); padding-right: 2rem; }
.facts dd { overflow-wrap: anywhere; }
.table { overflow-x: auto; margin: 0 0 1.5rem; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 0.92rem; line-height: 1.4; }
caption { text-align: left; padding: 0.7rem 0.9rem; color: var(--soft); font-size: 0.9rem; border-bottom: 1px solid var(--line); }
th, td { padding: 0.45rem 0.9rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { background: var(--panel); font-weight: 600; white-space: normal; vertical-align: bottom; }
th, td, caption { overflow-wrap: break-word; }
th, td { max-width: 34rem; }
thead .right { white-space: normal; }
tbody th { font-weight: 500; }
tbody tr:nth-child(even) > * { background: var(--stripe); }
tbody tr:last-child > * { border-bottom: 0; }
.right { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td code, th code { white-space: nowrap; overflow-wrap: normal; }
td.empty { color: var(--soft); font-style: italic; }
.absent { color: var(--soft); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1.25rem; margin: 0 0 1.5rem; }
.figures figure { margin: 0; }
figure { margin: 0 0 1.5rem; border: 1px solid var(--line); border-radius: 8px; background: var(--plot); overflow: hidden; }
main > figure { max-width: 52rem; }
figure img { display: block; width: 100%; height: auto; }
figcaption { padding: 0.65rem 1rem; border-top: 1px solid var(--line); font-size: 0.88rem; color: var(--soft); }
footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.88rem; }
@media (max-width: 40rem) { .facts { grid-template-columns: minmax(0, 1fr); }
  .facts dt { border: 0; padding-bottom: 0; font-size: 0.88rem; } .facts dd { padding-top: 0; } }
@media print { @page { margin: 18mm 16mm; }
  body { font-size: 10pt; } main { padding: 0; max-width: none; } .contents, .skip { display: none; } .page { padding: 0; max-width: none; }
  h2, h3, h4 { break-after: avoid; } figure, .note, .highlights, pre, tr { break-inside: avoid; } thead { display: table-header-group; }
  .table { overflow: visible; } p, ul { max-width: none; } th, td, caption { overflow-wrap: anywhere; }
  .figures { grid-template-columns: 1fr 1fr; gap: 4mm; } figure img { max-height: 110mm; width: auto; max-width: 100%; margin: 0 auto; } a { color: inherit; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
)css";

}  // namespace kvt::inline KVT_ABI::report::detail
