// The whole way: plots drawn, Markdown and one HTML page written, everything found in both.
#include "sample.hpp"
#include "xml.hpp"

#include <kvt/core/text_file.hpp>
#include <kvt/report/html.hpp>
#include <kvt/report/markdown.hpp>

#include <doctest/doctest.h>

#include <support/scratch_folder.hpp>

#include <algorithm>
#include <filesystem>

using namespace kvt::report;

namespace {

document whole(std::string const& folder) {
    auto d = sample::text_document();
    d.folder = folder;
    d.add(heading{"Plots"});
    d.add(write_plot(sample::accuracy_chart(), folder, "plots/acc_by_bin",
                     "Accuracy of snapkv; bars are 95 % intervals."));
    d.add(write_plot(sample::transition_map(), folder, "plots/transition_map", "Where half of the accuracy is lost."));
    d.add(write_plot(sample::policy_chart(), folder, "plots/policies", "All policies over all bins."));
    d.add(write_plot(sample::latency_chart(), folder, "plots/latency_p50_by_bin", "Latency."));
    return d;
}

}  // namespace

TEST_CASE("a report with every kind of block, in both formats") {
    scratch_folder const folder, other;
    auto const d = whole(folder.path);
    auto const page = html{}.render(d), text = markdown{}.render(d);
    // KVT_SAMPLE_FOLDER keeps the result, to be looked at
    if (char const* keep = std::getenv("KVT_SAMPLE_FOLDER")) {
        std::filesystem::copy(folder / "plots", std::string{keep} + "/plots",
                              std::filesystem::copy_options::recursive |
                                  std::filesystem::copy_options::overwrite_existing);
        kvt::write_file(std::string{keep} + "/report.html", page);
        kvt::write_file(std::string{keep} + "/report.md", text);
    }
    auto const read = xml::read(page);
    auto const images =
        std::count_if(read.elements.begin(), read.elements.end(), [](auto const& e) { return e.name == "img"; });
    CHECK(images == 4);
    CHECK(page.find(folder.path) == page.npos);
    CHECK(text.find(folder.path) == text.npos);
    CHECK(text.find("![Exact match by budget and length: snapkv, recall model](plots/transition_map.png)") !=
          text.npos);
    for (std::string_view words : {"Accuracy of snapkv; bars are 95 % intervals.", "lowest safe budget, snapkv",
                                   "What changed with the budget?"}) {
        CHECK_MESSAGE(read.text.find(words) != read.text.npos, words);
        CHECK_MESSAGE(text.find(words) != text.npos, words);
    }
    // the same again from a second folder: nothing of the place gets into the bytes
    auto const e = whole(other.path);
    CHECK(html{}.render(e) == page);
    CHECK(markdown{}.render(e) == text);
}
