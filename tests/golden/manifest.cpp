// Golden cases of caps, pins, slices, sampling and the manifest (spec F, G).
#include "replay.hpp"

#include "manifest.hpp"

namespace {

using kvt::json;
using namespace kvt;

// Row i: id `<prefix><two digits>`, and a context whose approx_v1 length with the question `q` is the wanted one.
json made_row(std::string const& prefix, std::size_t i, std::int64_t length) {
    std::string context;
    for (std::int64_t w = 0; w + 1 < length; ++w) context += (w > 0 ? " w" : "w") + std::to_string(w);
    auto const id = prefix + (i < 10 ? "0" : "") + std::to_string(i);
    return json::of({{"_id", id}, {"input", "q"}, {"context", context}, {"answers", json::list({"a"})}});
}

std::vector<data::example> examples_of(json const& in) {
    json::array rows;
    if (auto const* given = in.find("rows")) rows = given->items();
    else
        for (auto const& length : in.at("token_lens").items())
            rows.push_back(made_row(in.at("id_prefix").text(), rows.size(), length.integer()));
    std::vector<data::example> examples;
    for (auto const& row : rows) {
        try {
            examples.push_back(data::canonical(row, in.at("settings").at("dataset").at("task").text()));
        } catch (data::data_error const& problem) {  // one bad row fails the load
            throw data::data_error{data::fault::normalize, "rows", problem.what()};
        }
    }
    return examples;
}

golden::suite const cases{"manifest", "cases", [](json const& c, golden::file const& f) {
    json actual;
    try {
        auto manifest = golden::reference_keys(golden::build(examples_of(c.at("in")), c.at("in").at("settings")));
        json ids = json::list({});
        for (auto const& [id, body] : manifest.at("examples").members()) ids.push_back(id);
        manifest["examples"] = ids;
        actual = json::of({{"manifest", manifest}});
    } catch (data::data_error const& problem) {
        actual = json::of({{"error", name_of(problem.code())}});
    }
    return golden::same(c.at("out"), actual, f);
}};

}  // namespace
