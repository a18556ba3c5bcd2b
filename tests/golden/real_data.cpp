// Golden cases on real LongBench and RULER rows, which lie beside the golden file (spec D-G).
#include "replay.hpp"

#include "manifest.hpp"

#include <kvt/core/hash.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/data/load.hpp>

#include <filesystem>
#include <map>

namespace {

using golden::verdict;
using kvt::json;
using namespace kvt;

std::string path_of(json const& in, golden::file const& f) {
    auto const folder = std::filesystem::path{f.path}.parent_path() / ".." / ".." / "data" / "longbench";
    return (folder / in.at("file").text()).lexically_normal().string();
}

// Asks `check` about the rows of the case's file, read once; a case without its file is skipped.
verdict on_rows(json const& c, golden::file const& f, auto const& check) {
    static std::map<std::string, std::vector<data::example>> loaded;
    auto const path = path_of(c.at("in"), f);
    if (!file_exists(path)) return verdict::skip("no file " + path);
    auto const [place, fresh] = loaded.try_emplace(path);
    if (fresh) {
        run_context context;
        place->second = data::load_examples(context, path, std::filesystem::path{path}.stem().string());
    }
    return golden::same(c.at("out"), check(place->second), f);
}

template <data::token_counter T>
std::vector<std::int64_t> lengths(T const& t, std::vector<data::example> const& examples) {
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
    return sha256_hex(
        dump(json::of({{"answers", answers}, {"context", e.context}, {"question", e.question}}), json_style::canonical),
        16);
}

golden::suite const files{"real_data", "files", [](json const& c, golden::file const& f) {
                              return on_rows(c, f, [&](auto const& examples) {
                                  json ids = json::list({}), hashes = json::list({});
                                  for (auto const& e : examples)
                                      ids.push_back(e.example_id), hashes.push_back(content_hash(e));
                                  auto const path = path_of(c.at("in"), f);
                                  return json::of({{"sha256", sha256_file(path)},
                                                   {"bytes", read_file(path).size()},
                                                   {"rows", examples.size()},
                                                   {"example_ids", ids},
                                                   {"content_sha256", hashes}});
                              });
                          }};

golden::suite const token_lengths{"real_data", "token_lengths", [](json const& c, golden::file const& f) {
                                      return on_rows(c, f, [&](auto const& examples) {
                                          auto const n = c.at("out").at("approx_v1").size();  // the first rows
                                          return both([&](auto const& t) {
                                              auto const all = lengths(t, examples);
                                              return json::array(all.begin(),
                                                                 all.begin() + static_cast<std::ptrdiff_t>(n));
                                          });
                                      });
                                  }};

golden::suite const binning{"real_data", "binning", [](json const& c, golden::file const& f) {
                                return on_rows(c, f, [&](auto const& examples) {
                                    return both([&](auto const& t) {
                                        auto const all = lengths(t, examples);
                                        auto const edges =
                                            data::quantile_bins{c.at("in").at("n_bins").integer()}.edges(all);
                                        json out, bins = json::list({});
                                        for (auto const& e : edges)
                                            out["edges"].push_back(json::list({e.token_min, e.token_max}));
                                        for (auto n : all) bins.push_back(data::bin_of(edges, n));
                                        out["bin_idxs"] = bins;
                                        return out;
                                    });
                                });
                            }};

golden::suite const manifest{"real_data", "manifest", [](json const& c, golden::file const& f) {
                                 return on_rows(c, f, [&](auto const& examples) {
                                     auto document =
                                         golden::reference_keys(golden::build(examples, c.at("in").at("settings")));
                                     document.erase("examples");
                                     return json::of({{"manifest_without_examples", document}});
                                 });
                             }};

}  // namespace
