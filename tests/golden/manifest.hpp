// Builds manifests as the golden cases of manifests and of real data ask for them.
#pragma once

#include <kvt/data/canonical.hpp>
#include <kvt/data/manifest.hpp>
#include <kvt/data/sampling_settings.hpp>

#include <vector>

namespace golden {

inline kvt::data::manifest build(std::vector<kvt::data::example> const& examples, kvt::json const& settings) {
    using namespace kvt::data;
    auto const rule = read_sampling(settings);
    approx_tokenizer const tokenizer{settings.at("model").at("name").text()};
    std::vector<std::int64_t> lengths;
    for (auto const& e : examples) lengths.push_back(prompt_length(tokenizer, e));
    auto const& dataset = settings.at("dataset");
    return build_manifest(dataset.at("name").text(), dataset.at("task").text(), examples, lengths, tokenizer.identity(),
                          rule.bins, rule.how);
}

/// The manifest as the forerunner wrote it: without the keys that kvt appends.
inline kvt::json reference_keys(kvt::data::manifest const& m) {
    auto document = manifest_json(m);
    for (auto const* appended : {"schema_version", "token_mode", "prompt_template_version", "selection", "manifest_hash"})
        if (!document.erase(appended)) throw kvt::error{kvt::error_kind::work, appended, "not in the manifest"};
    return document;
}

}  // namespace golden
