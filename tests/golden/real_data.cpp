// Golden cases on real LongBench and RULER rows, which lie beside the golden file (spec D-G).
#include "replay.hpp"

#include "manifest.hpp"

#include <kvt/core/hash.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/data/load.hpp>

#include <cstdio>
#include <filesystem>
#include <map>
#include <set>

namespace {

using golden::verdict;
using kvt::json;
using namespace kvt;

std::string path_of(json const& in, golden::file const& f) {
    auto const folder = std::filesystem::path{f.path}.parent_path() / ".." / ".." / "data" / "longbench";
    return (folder / in.at("file").text()).lexically_normal().string();
}

// The rows of a file, read once. Where it is missing, says so once; the cases on it then have nothing to compare.
std::vector<data::example> const* examples_of(std::string const& path) {
    static std::map<std::string, std::vector<data::example>> loaded;
    static std::set<std::string> missing;
    if (!file_exists(path)) {
        if (missing.insert(path).second) std::printf("real_data: skipped, no file %s\n", path.c_str());
        return nullptr;
    }
    auto const [place, fresh] = loaded.try_emplace(path);
    if (fresh) {
        run_context context;
        place->second = data::load_examples(context, path, std::filesystem::path{path}.stem().string());
    }
    return &place->second;
}

template <data::token_counter T> std::vector<std::int64_t> lengths(T const& t, std::vector<data::example> const& examples) {
    std::vector<std::int64_t> out;
    for (auto const& e : examples) out.push_back(data::prompt_length(t, e));
    return out;
}

template <class F> json both(F f) {
    return json::of({{"approx_v1", f(data::approx_tokenizer{})}, {"approx_v2", f(data::approx_cjk_tokenizer{})}});
}

// The spec's content hash of one example.
std::string content_hash(data::example const& e) {
    json answers = json::list({});
    for (auto const& a : e.answers) answers.push_back(a);
    return sha256_hex(dump(json::of({{"answers", answers}, {"context", e.context}, {"question", e.question}}),
                           json_style::canonical), 16);
}

golden::suite const files{"real_data", "files", [](json const& c, golden::file const& f) {
    auto const path = path_of(c.at("in"), f);
    auto const* examples = examples_of(path);
    if (examples == nullptr) return verdict::pass();
    json ids = json::list({}), hashes = json::list({});
    for (auto const& e : *examples) ids.push_back(e.example_id), hashes.push_back(content_hash(e));
    return golden::same(c.at("out"),
                        json::of({{"sha256", sha256_file(path)}, {"bytes", read_file(path).size()},
                                  {"rows", examples->size()}, {"example_ids", ids}, {"content_sha256", hashes}}), f);
}};

golden::suite const token_lengths{"real_data", "token_lengths", [](json const& c, golden::file const& f) {
    auto const* examples = examples_of(path_of(c.at("in"), f));
    if (examples == nullptr) return verdict::pass();
    auto const n = c.at("out").at("approx_v1").size();  // the first rows
    return golden::same(c.at("out"), both([&](auto const& t) {
        auto const all = lengths(t, *examples);
        return json::array(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n));
    }), f);
}};

golden::suite const binning{"real_data", "binning", [](json const& c, golden::file const& f) {
    auto const* examples = examples_of(path_of(c.at("in"), f));
    if (examples == nullptr) return verdict::pass();
    return golden::same(c.at("out"), both([&](auto const& t) {
        auto const all = lengths(t, *examples);
        auto const edges = data::quantile_bins{c.at("in").at("n_bins").integer()}.edges(all);
        json out, bins = json::list({});
        for (auto const& e : edges) out["edges"].push_back(json::list({e.token_min, e.token_max}));
        for (auto n : all) bins.push_back(data::bin_of(edges, n));
        out["bin_idxs"] = bins;
        return out;
    }), f);
}};

golden::suite const manifest{"real_data", "manifest", [](json const& c, golden::file const& f) {
    auto const* examples = examples_of(path_of(c.at("in"), f));
    if (examples == nullptr) return verdict::pass();
    auto document = golden::reference_keys(golden::build(*examples, c.at("in").at("settings")));
    document.erase("examples");
    return golden::same(c.at("out"), json::of({{"manifest_without_examples", document}}), f);
}};

}  // namespace
