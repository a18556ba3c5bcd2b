// Golden cases of whole models: containers to refuse or read, and the pipeline from a file to its smoothness.
#include "markov.hpp"

#include <kvt/core/context.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/quant/model_metrics.hpp>
#include <kvt/quant/validate.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace {

using golden::verdict;
using golden::markov::list_of;
using kvt::json;
namespace quant = kvt::quant;
namespace tensor = kvt::tensor;

std::string beside(golden::file const& source, std::string const& name) {
    return (std::filesystem::path{source.path}.parent_path() / name).string();
}

json layers_of(quant::baseline_metrics const& m) {
    auto layers = m.layers;
    std::ranges::sort(layers, {}, &quant::layer_report::name);
    json out{json::array{}};
    for (auto const& l : layers) {
        out.push_back(json::of({{"name", l.name},
                                {"elements", l.elements},
                                {"status", std::string{kvt::name_of(l.status)}},
                                {"scale", list_of(l.scale)},
                                {"offset", list_of(l.offset)},
                                {"zero_point", list_of(l.zero_point)},
                                {"cosine_similarity", golden::or_null(l.cosine_similarity)},
                                {"smoothness_score", golden::or_null(l.smoothness_score)}}));
    }
    return out;
}

json answer_model(json const& c, golden::file const& source) {
    auto const& o = c.at("options");
    quant::grouping cut{.time_groups = o.at("num_time_groups").integer()};
    if (auto const* size = o.find("group_size"); size != nullptr && !size->is_null()) cut.group_size = size->integer();
    kvt::run_context context;
    context.progress = kvt::progress_meter{kvt::progress_style::silent};
    auto const m = quant::metrics_of(kvt::pipeline{
        quant::load_model{beside(source, c.at("input").at("path").text())},
        quant::quantize{quant::asymmetric{static_cast<std::int32_t>(o.at("bits").integer())}, cut},
        quant::validate{o.at("threshold").real()},
    }(context));
    auto out = quant::to_valid_json(m);
    out["layers"] = layers_of(m);
    out["stats"] = json::of({{"min", m.min_boundary_score},
                             {"max", m.max_boundary_score},
                             {"mean", m.mean_boundary_score},
                             {"std", m.std_boundary_score}});
    return out;
}

// Decoded values as the file lists them; a number that JSON lacks is a word.
std::string differing_value(json const& expected, tensor::view const& got) {
    auto const* values = expected.find("values_f32");
    if (values == nullptr) return {};
    auto const mine = tensor::to_floats(got);
    if (mine.size() != values->size()) return got.name + ": " + std::to_string(mine.size()) + " values";
    for (std::size_t i = 0; i < mine.size(); ++i) {
        double const want = golden::markov::number(values->items()[i]);
        auto const x = static_cast<double>(mine[i]);
        bool const same = std::isnan(want) ? std::isnan(x) : x == want || std::abs(x - want) <= 1e-9 * std::abs(want);
        if (!same) return got.name + "[" + std::to_string(i) + "]";
    }
    return {};
}

std::string read_file(json const& entry, std::string const& path) {
    auto const archive = tensor::archive::open(path);
    auto const* tensors = entry.find("tensors");
    if (tensors == nullptr) return {};
    if (archive.tensors().size() != tensors->size()) return "other tensors";
    for (auto const& expected : tensors->items()) {
        auto const* got = archive.find(expected.at("name").text());
        if (got == nullptr) return "no tensor " + expected.at("name").text();
        if (kvt::name_of(got->type) != expected.at("dtype").text()) return got->name + ": another type";
        json shape{json::array{}};
        for (auto d : got->shape) shape.push_back(d);
        if (shape != expected.at("shape")) return got->name + ": another shape";
        if (auto why = differing_value(expected, *got); !why.empty()) return why;
    }
    return {};
}

std::string refuse_file(json const& entry, std::string const& path) {
    try {
        (void)tensor::archive::open(path);
    } catch (kvt::error const& e) {
        auto const is = [&](json const& kind) { return e.problem().starts_with(kind.text()); };
        bool const right = is(entry.at("kind")) || std::ranges::any_of(entry.at("also_acceptable").items(), is);
        return right ? "" : std::string{"refused as "} + e.what();
    }
    return "was accepted";
}

verdict check_files(json const& document, golden::file const& source) {
    for (auto const& entry : document.at("files").items()) {
        auto const& name = entry.at("file").text();
        auto const why = entry.at("valid").boolean() ? read_file(entry, beside(source, name))
                                                     : refuse_file(entry, beside(source, name));
        if (!why.empty()) return verdict::fail(name + ": " + why);
    }
    return verdict::pass();
}

golden::suite const models{"markov.end_to_end", "cases", [](json const& c, golden::file const& source) {
                               return golden::markov::check(c,
                                                            [&](json const& one) { return answer_model(one, source); });
                           }};
golden::suite const containers{"markov.safetensors", "", check_files};

}  // namespace
