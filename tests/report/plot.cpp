#include "sample.hpp"
#include "xml.hpp"

#include <kvt/core/text_file.hpp>
#include <kvt/report/plain_text.hpp>
#include <kvt/report/plot.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sys/stat.h>
#include <thread>

using namespace kvt::report;

namespace {

/// Gives a variable another value for a while.
struct changed_variable {
    std::string name, before;
    bool had = false;
    changed_variable(std::string n, std::string const& value) : name{std::move(n)} {
        if (char const* old = std::getenv(name.c_str())) before = old, had = true;
        ::setenv(name.c_str(), value.c_str(), 1);
    }
    ~changed_variable() {
        if (had) ::setenv(name.c_str(), before.c_str(), 1);
        else ::unsetenv(name.c_str());
    }
};

std::uint32_t at(std::string const& bytes, std::size_t i) {
    std::uint32_t v = 0;
    for (std::size_t k = 0; k < 4; ++k) v = v << 8 | static_cast<unsigned char>(bytes.at(i + k));
    return v;
}

/// CRC-32 as PNG's annex D defines it.
std::uint32_t crc(std::string_view bytes) {
    std::uint32_t c = 0xFFFFFFFFU;
    for (char b : bytes) {
        c ^= static_cast<unsigned char>(b);
        for (int k = 0; k < 8; ++k) c = (c & 1) != 0 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
    }
    return c ^ 0xFFFFFFFFU;
}

/// The chunk types of a PNG, every checksum verified.
std::vector<std::string> chunks(std::string const& png) {
    REQUIRE(png.starts_with("\x89PNG\r\n\x1A\n"));
    std::vector<std::string> types;
    std::size_t i = 8;
    while (i < png.size()) {
        auto const length = at(png, i);
        auto const body = std::string_view{png}.substr(i + 4, length + 4);
        REQUIRE(body.size() == length + 4);
        types.emplace_back(body.substr(0, 4));
        CHECK(at(png, i + 8 + length) == crc(body));
        i += length + 12;
    }
    return types;
}

template <class Plot> void refused(Plot const& plot, kvt::error_kind kind, std::string_view words) {
    auto const e = error_of([&] { (void)draw(plot, image_format::svg); });
    REQUIRE(e);
    CHECK(e->kind() == kind);
    CHECK_MESSAGE(holds(e->what(), words), e->what());
}

}  // namespace

TEST_CASE("a PNG of 1200 by 900 pixels at 150 dpi, without a date or a version") {
    for (auto const& png :
         {draw(sample::accuracy_chart(), image_format::png), draw(sample::transition_map(), image_format::png)}) {
        auto const types = chunks(png);
        CHECK(types.front() == "IHDR");
        CHECK(types.back() == "IEND");
        CHECK(at(png, 16) == 1200);
        CHECK(at(png, 20) == 900);
        auto const where = png.find("pHYs");
        REQUIRE(where != png.npos);
        CHECK(at(png, where + 4) == 5906);  // pixels a metre: 150 dpi
        CHECK(at(png, where + 8) == 5906);
        CHECK(png[where + 12] == 1);
        std::set<std::string> const expected{"IHDR", "pHYs", "bKGD", "IDAT", "IEND"};
        for (auto const& type : types) CHECK_MESSAGE(expected.count(type) == 1, type);
    }
}

TEST_CASE("an SVG that is well-formed, titled and self-contained") {
    auto const charts = {
        draw(sample::accuracy_chart(), image_format::svg), draw(sample::policy_chart(), image_format::svg),
        draw(sample::latency_chart(), image_format::svg), draw(sample::transition_map(), image_format::svg)};
    for (auto const& svg : charts) {
        auto const picture = xml::read(svg);
        CHECK(picture.elements[0].name == "svg");
        CHECK(picture.elements[1].name == "title");
        CHECK(picture.text.find("prefers-color-scheme: dark") != picture.text.npos);
        CHECK(svg.find("GNUPLOT") == svg.npos);
        CHECK(svg.find("Gnuplot") == svg.npos);
        CHECK(svg.find("rgb(") == svg.npos);
        for (auto const& e : picture.elements)
            for (auto const& [key, value] : e.attributes) {
                if (key.ends_with("href")) CHECK(value.starts_with("#"));
                CHECK_FALSE(key.starts_with("on"));
            }
    }
    CHECK(charts.begin()->find("<title>Exact match by context length</title>") != std::string::npos);
    CHECK(charts.begin()->find("KV budget 0.20") != std::string::npos);
    CHECK(charts.begin()->find("font-weight=\"bold\"") != std::string::npos);
}

TEST_CASE("the same description gives the same bytes, on any thread and whatever the user's settings") {
    auto const png = draw(sample::policy_chart(), image_format::png),
               svg = draw(sample::policy_chart(), image_format::svg);
    std::array<std::string, 6> again;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < again.size(); ++i)
        threads.emplace_back(
            [&, i] { again[i] = draw(sample::policy_chart(), i % 2 == 0 ? image_format::png : image_format::svg); });
    for (auto& thread : threads) thread.join();
    for (std::size_t i = 0; i < again.size(); ++i) CHECK(again[i] == (i % 2 == 0 ? png : svg));

    scratch_folder const home;
    (void)home.file(".gnuplot", "set title 'from a start-up file'\nset terminal dumb\n");
    changed_variable const a{"HOME", home.path}, b{"GNUTERM", "dumb"}, c{"GNUPLOT_DEFAULT_GDFONT", "courier"},
        d{"LC_ALL", "de_DE.UTF-8"};
    CHECK(draw(sample::policy_chart(), image_format::svg) == svg);
    CHECK(draw(sample::policy_chart(), image_format::png) == png);
}

TEST_CASE("another description gives other bytes") {
    auto c = sample::policy_chart();
    auto const before = draw(c, image_format::png);
    c.series[0].points[0].y += 0.1;
    CHECK(draw(c, image_format::png) != before);
}

TEST_CASE("hostile words are drawn as words") {
    auto c = sample::accuracy_chart();
    c.title = c.subtitle = c.warning = c.x.label = c.y.label = c.thresholds[0].label = c.zones[0].label =
        sample::hostile;
    for (auto& s : c.series) s.label = sample::hostile;
    for (auto& t : c.x.ticks) t.label = sample::hostile;
    auto m = sample::transition_map();
    m.title = m.x_label = m.y_label = m.value_label = m.columns[0] = m.rows[0] = m.overlay->label = sample::hostile;
    for (auto const& svg : {draw(c, image_format::svg), draw(m, image_format::svg)}) {
        auto const picture = xml::read(svg);
        CHECK(picture.text.find("</p><script>alert('x')</script> & \"q\" `touch kvt-was-here`") != picture.text.npos);
        for (auto const& e : picture.elements) CHECK(e.name != "script");
    }
    (void)chunks(draw(c, image_format::png));
    (void)chunks(draw(m, image_format::png));
    CHECK_FALSE(kvt::file_exists("kvt-was-here"));
}

TEST_CASE("files are written whole under their names, and the figure points at them") {
    scratch_folder const folder;
    auto const f = write_plot(sample::latency_chart(), folder.path, "plots/deep/latency", "Latency.");
    CHECK(f.png == "plots/deep/latency.png");
    CHECK(f.svg == "plots/deep/latency.svg");
    CHECK(f.caption == "Latency.");
    CHECK(f.alt == "Median latency by bin");
    CHECK(kvt::read_file(folder.path + "/" + f.png) == draw(sample::latency_chart(), image_format::png));
    CHECK(kvt::read_file(folder.path + "/" + f.svg) == draw(sample::latency_chart(), image_format::svg));
    std::size_t files = 0;
    for (auto const& entry : std::filesystem::directory_iterator{folder / "plots/deep"})
        files += entry.is_regular_file() ? 1 : 0;
    CHECK(files == 2);
    CHECK_THROWS_AS((void)write_plot(chart{.title = "t"}, folder.path, "none"), kvt::error);
    CHECK_FALSE(kvt::file_exists(folder / "none.png"));
}

TEST_CASE("without gnuplot one error names the package") {
    scratch_folder const folder;
    changed_variable const path{"PATH", folder.path};
    refused(sample::latency_chart(), kvt::error_kind::missing,
            "gnuplot: the plotting program is not installed; expected it on the PATH (Debian's package gnuplot-nox)");
}

TEST_CASE("a gnuplot that fails, lies or talks much is an error in its own words") {
    scratch_folder const folder;
    auto const program = folder / "gnuplot";
    changed_variable const path{"PATH", folder.path + ":" + std::getenv("PATH")};
    auto const behave = [&](std::string const& body) {
        kvt::write_file(program, "#!/bin/sh\n" + body);
        ::chmod(program.c_str(), 0755);
    };
    behave("cat >/dev/null; printf 'plot x\\n     ^\\n         line 7: undefined variable: x\\n' >&2; exit 1");
    refused(sample::latency_chart(), kvt::error_kind::work, "gnuplot: failed: line 7: undefined variable: x");
    behave("exit 3");  // reads nothing at all
    refused(sample::latency_chart(), kvt::error_kind::work, "gnuplot: failed: said nothing");
    behave("kill -9 $$");
    refused(sample::latency_chart(), kvt::error_kind::work, "failed");
    behave("cat >/dev/null; echo '<svg '");
    refused(sample::latency_chart(), kvt::error_kind::work, "did not draw a whole picture");
    behave("head -c 3000000 /dev/zero >&2; head -c 3000000 /dev/zero; cat >/dev/null");  // answers before it listens
    refused(sample::latency_chart(), kvt::error_kind::work, "did not draw a whole picture");
}
