// A golden GPT: its decoder with the stored weights, and the tensors it is compared with.
#pragma once

#include "replay.hpp"

#include <kvt/core/error.hpp>
#include <kvt/scaling/decoder.hpp>
#include <kvt/tensor/safetensors.hpp>

#include <cmath>
#include <cstring>
#include <filesystem>

namespace golden {

/// One gpt_case file with the tensors beside it.
struct gpt_case {
    json const& document;
    kvt::tensor::safetensors tensors;
    kvt::scaling::decoder_shape shape;

    gpt_case(json const& d, file const& source)
        : document{d}, tensors{kvt::tensor::safetensors::open(
                           (std::filesystem::path{source.path}.parent_path() / d.at("tensors_file").text()).string())},
          shape{shape_of(d.at("config"))} {}

    static kvt::scaling::decoder_shape shape_of(json const& c) {
        return kvt::scaling::gpt_shape(c.at("vocab_size").integer(), c.at("d_model").integer(),
                                       c.at("num_layers").integer(), c.at("num_heads").integer(),
                                       c.at("d_ff").integer());
    }
    [[nodiscard]] std::vector<float> floats(std::string const& name) const {
        auto const* found = tensors.find(name);
        if (found == nullptr) throw kvt::error{kvt::error_kind::missing, name, "no such tensor"};
        return kvt::tensor::to_floats(*found);
    }
    [[nodiscard]] std::vector<std::int32_t> tokens(std::string const& name) const {
        auto const* found = tensors.find(name);
        if (found == nullptr) throw kvt::error{kvt::error_kind::missing, name, "no such tensor"};
        std::vector<std::int64_t> wide(found->count());
        std::memcpy(wide.data(), found->bytes.data(), found->bytes.size());
        return {wide.begin(), wide.end()};
    }
    [[nodiscard]] std::size_t length() const { return static_cast<std::size_t>(document.at("seq_len").integer()); }
    [[nodiscard]] kvt::scaling::token_batch batch() const {
        return kvt::scaling::next_token_batch(tokens("input_ids"), tokens("labels"), length());
    }
    template <class Real> [[nodiscard]] kvt::scaling::decoder<Real> model() const {
        kvt::scaling::decoder<Real> out{shape};
        for (auto const& t : out.tensors()) {
            auto const values = floats(t.name);
            auto const to = t.of(out.parameters());
            if (values.size() != to.size())
                throw kvt::error{kvt::error_kind::mismatch, t.name, "has another number of values"};
            for (std::size_t i = 0; i < values.size(); ++i) to[i] = static_cast<Real>(values[i]);
        }
        return out;
    }
};

/// Collects the first difference that is too large.
struct comparison {
    std::string difference{};

    void near(std::string const& what, double expected, double found, double absolute) {
        if (difference.empty() && !(std::abs(expected - found) <= absolute))
            difference = what + ": expected " + std::to_string(expected) + ", got " + std::to_string(found) +
                         ", apart " + std::to_string((found - expected) / absolute) + " tolerances";
    }
    template <class Found>
    void near(std::string const& what, std::span<float const> expected, Found const& found, double absolute) {
        if (difference.empty() && expected.size() != found.size()) difference = what + ": another number of values";
        for (std::size_t i = 0; difference.empty() && i < expected.size(); ++i)
            near(what + "[" + std::to_string(i) + "]", static_cast<double>(expected[i]), static_cast<double>(found[i]),
                 absolute);
    }
};

}  // namespace golden
