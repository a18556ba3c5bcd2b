#include "fixtures.hpp"

#include <kvt/core/error.hpp>
#include <kvt/core/hash.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/tensor/archive.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

using kvt::tensor::archive;
using kvt::tensor::resolve_model;

TEST_CASE("shards under an index read like one file") {
    for (auto const& c : fixtures::cases(true)) {
        if (!c.at("valid").boolean()) continue;
        auto const all = archive::open(fixtures::folder() + c.at("file").text());
        CHECK(all.warnings().empty());
        CHECK(all.tensors().size() == c.at("tensors").size());
        for (auto const& t : c.at("tensors").items()) {
            auto const* found = all.find(t.at("name").text());
            REQUIRE(found != nullptr);
            auto const values = to_floats(*found);
            REQUIRE(values.size() == t.at("values_f32").size());
            for (std::size_t i = 0; i < values.size(); ++i)
                CHECK(fixtures::same_value(t.at("values_f32").items()[i], values[i]));
        }
        CHECK(all.files().size() == 2);
        CHECK(all.hash().size() == 64);
    }
}

TEST_CASE("every broken index is refused for its reason") {
    int seen = 0;
    for (auto const& c : fixtures::cases(true)) {
        if (c.at("valid").boolean()) continue;
        auto const path = fixtures::folder() + c.at("file").text();
        CAPTURE(path);
        ++seen;
        fixtures::check_refused(c, path, [&] { (void)archive::open(path); });
    }
    CHECK(seen == 5);
}

TEST_CASE("an index may be wrong in more ways") {
    scratch_folder const here;
    auto const single = kvt::read_file(fixtures::folder() + "valid_unordered_header.safetensors");
    kvt::write_file(here / "s.safetensors", single);
    auto const reason = [&](std::string const& text) {
        kvt::write_file(here / "m.safetensors.index.json", text);
        std::string found;
        auto const e = error_of([&] {
            found = archive::open(here / "m.safetensors.index.json").warnings().empty() ? "accepted" : "warned";
        });
        return e ? fixtures::reason_in(e->problem()) : found;
    };
    CHECK(reason(R"({"weight_map":{"a":"s.safetensors","b":"s.safetensors"}})") == "accepted");
    CHECK(reason(R"({"weight_map":{"a":"s.safetensors","b":"s.safetensors"},"metadata":{"total_size":8}})") ==
          "accepted");
    CHECK(reason(R"({"weight_map":{"a":"s.safetensors","b":"s.safetensors"},"metadata":{"total_size":9}})") ==
          "warned");
    CHECK(reason(R"({"weight_map":{"a":"s.safetensors"}})") == "tensor_not_in_index");
    CHECK(reason(R"({"weight_map":{"a":".."}})") == "bad_shard_name");
    CHECK(reason(R"({"weight_map":{"a":""}})") == "bad_shard_name");
    CHECK(reason(R"({"weight_map":{"a":"x\\y"}})") == "bad_shard_name");
    CHECK(reason(R"({"weight_map":{"a":1}})") == "index_schema");
    CHECK(reason(R"([])") == "index_schema");
    CHECK(reason(R"({"weight_map")") == "index_schema");
}

TEST_CASE("the hash of a single file is the file's") {
    auto const path = fixtures::folder() + "valid_multi.safetensors";
    CHECK(archive::open(path).hash() == kvt::sha256_file(path));
}

TEST_CASE("a model is found in its folder, or the candidates are named") {
    scratch_folder const here;
    CHECK_THROWS_AS((void)resolve_model(here / "nothing"), kvt::error);
    CHECK(refusal([&] { (void)resolve_model(here.path); }) ==
          here.path + ": model_not_found: the folder holds no safetensors; expected model.safetensors");
    kvt::write_file(here / "b.safetensors", "");
    CHECK(resolve_model(here.path) == here / "b.safetensors");
    CHECK(resolve_model(here / "b.safetensors") == here / "b.safetensors");
    kvt::write_file(here / "a.safetensors", "");
    CHECK(refusal([&] { (void)resolve_model(here.path); }) ==
          here.path + ": ambiguous_model: a.safetensors, b.safetensors; expected one of these files");
    kvt::write_file(here / "m.safetensors.index.json", "{}");
    CHECK(resolve_model(here.path) == here / "m.safetensors.index.json");
}
