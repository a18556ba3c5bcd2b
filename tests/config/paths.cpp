#include <kvt/config/paths.hpp>
#include <kvt/core/error.hpp>

#include <doctest/doctest.h>

#include <support/scratch_folder.hpp>

#include <cstdlib>
#include <filesystem>

using namespace kvt;
namespace fs = std::filesystem;

TEST_CASE("artifacts of a group") {
    config::paths const paths{"/R"};
    CHECK(paths.raw_dir("longbench") == "/R/data/raw/longbench");
    CHECK(paths.plots_dir("g") == "/R/runs/g/plots");
    CHECK(paths.report_path("g") == "/R/runs/g/report.md");
    CHECK(config::dataset_id(" longbench ", "trec") == "longbench__trec");
    CHECK_THROWS_WITH_AS((void)paths.run_dir(" "), "output.exp_group_id: is blank; expected a name", error);
    CHECK(config::dataset_id("\u3000longbench\u00A0", "trec") == "longbench__trec");
    CHECK_THROWS_AS((void)config::dataset_id("x", ""), error);
    CHECK_THROWS_AS((void)config::dataset_id("x", "\u2003"), error);
    CHECK(!fs::exists("/R"));
}

TEST_CASE("the root: what was asked for, then the variable, then the nearest marked folder") {
    auto const before = fs::current_path();
    auto const held = std::getenv("KVT_ROOT") == nullptr ? std::string{} : std::string{std::getenv("KVT_ROOT")};
    scratch_folder const top;
    fs::create_directories(top / "lab/deep/er");
    (void)top.file("lab/config/default.yaml", "");
    ::unsetenv("KVT_ROOT");
    fs::current_path(top / "lab/deep/er");
    CHECK(config::find_root() == top / "lab");
    ::setenv("KVT_ROOT", top.path.c_str(), 1);
    CHECK(config::find_root() == top.path);
    CHECK(config::find_root("/elsewhere") == "/elsewhere");
    CHECK(config::find_root("..") == top / "lab/deep");
    ::unsetenv("KVT_ROOT");
    fs::current_path(before);
    if (!held.empty()) ::setenv("KVT_ROOT", held.c_str(), 1);
}
