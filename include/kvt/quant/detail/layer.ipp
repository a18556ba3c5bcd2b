#pragma once

#include <kvt/quant/encode.hpp>
#include <kvt/quant/layer.hpp>
#include <kvt/quant/measure.hpp>
#include <kvt/quant/time_groups.hpp>
#include <kvt/quant/value_scan.hpp>
#include <kvt/tensor/float_blocks.hpp>

namespace kvt::inline KVT_ABI::quant {

namespace detail {

/// The elements of a tensor as floats, in pieces whose sums come out the same whether they were decoded or lie in place.
class summed_pieces {
  public:
    explicit summed_pieces(tensor::view const& values)
        : values_{values}, in_place_{tensor::float_blocks{values}.in_place()} {}

    /// Calls `f(values)` for consecutive pieces of elements `begin..end-1`.
    template <class F> void each(std::size_t begin, std::size_t end, F&& f) {
        if (in_place_) return f(std::span{reinterpret_cast<float const*>(values_.bytes.data()) + begin, end - begin});
        for (std::size_t at = begin; at < end; at += sum_piece) {
            buffer_.resize(std::min(sum_piece, end - at));
            tensor::to_floats(values_, at, buffer_);
            f(std::span<float const>{buffer_});
        }
    }

  private:
    tensor::view const& values_;
    bool in_place_;
    std::vector<float> buffer_;
};

KVT_DECL std::vector<value_scan> scan_groups(summed_pieces& values, std::span<std::size_t const> bounds) {
    std::vector<value_scan> out(bounds.empty() ? 0 : bounds.size() - 1);
    for (std::size_t g = 0; g < out.size(); ++g)
        values.each(bounds[g], bounds[g + 1], [&](std::span<float const> piece) { out[g] += scan(piece); });
    return out;
}

KVT_DECL std::vector<value_range> ranges_of(std::span<value_scan const> scans) {
    std::vector<value_range> out;
    for (auto const& s : scans) out.push_back(s.range());
    return out;
}

}  // namespace detail

KVT_DECL void grouping::check() const {
    check_time_groups(num_time_groups);
    if (group_size) check_group_size(*group_size);
    if (parameter_bytes != 4 && parameter_bytes != 8)
        throw error{error_kind::usage, "parameter bytes " + std::to_string(parameter_bytes), "not a size of a number",
                    "4 or 8"};
}

KVT_DECL std::vector<std::size_t> time_group_bounds(std::size_t elements, grouping const& cut) {
    if (static_cast<std::int64_t>(elements) < cut.num_time_groups) return {};
    return balanced_bounds(elements, cut.num_time_groups);
}

KVT_DECL layer quantize_layer(tensor::view const& tensor, grouping const& cut, layer_codes const& codes,
                              std::string_view where, std::span<value_range const> ranges) {
    layer out{.name = tensor.name, .elements = static_cast<std::int64_t>(tensor.count())};
    auto const bounds = time_group_bounds(tensor.count(), cut);
    detail::summed_pieces values{tensor};
    auto const place = std::string{where} + ", tensor " + tensor.name;
    value_scan whole;
    if (bounds.empty()) {
        values.each(0, tensor.count(), [&](std::span<float const> piece) { whole += scan(piece); });
        whole.check(place);
        out.status = layer_status::passthrough;
        out.stored = passed_payload(tensor.count());
        return out;
    }
    auto const runs = cut.group_size ? run_bounds(bounds, *cut.group_size) : bounds;
    auto const scans = detail::scan_groups(values, runs);
    for (auto const& s : scans) whole += s;
    whole.check(place);

    auto run_ranges =
        ranges.empty() ? detail::ranges_of(scans) : std::vector<value_range>(ranges.begin(), ranges.end());
    if (cut.group_size) {  // a time group's range is that of its runs together
        std::size_t run = 0;
        for (std::size_t g = 0; g + 1 < bounds.size(); ++g) {
            value_scan group;
            for (; run < scans.size() && runs[run] < bounds[g + 1]; ++run) group += scans[run];
            out.ranges.push_back(group.range());
        }
    } else {
        out.ranges = run_ranges;
    }
    for (auto& r : out.ranges) {
        auto const exact = codes.parameters(r);
        if (codes.grid.low < 0) r = {exact.decode(codes.grid.low), exact.decode(codes.grid.high)};
        out.parameters.push_back(exact.stored(cut.parameter_bytes));
        if (exact.scale == 0) out.status = layer_status::degenerate;
    }
    for (std::size_t run = 0; run + 1 < runs.size(); ++run) {
        auto const parameters = codes.parameters(run_ranges[run]).stored(cut.parameter_bytes);
        values.each(runs[run], runs[run + 1],
                    [&](std::span<float const> piece) { out.errors += measure(piece, parameters, codes.grid); });
    }
    out.stored = quantized_payload(tensor.count(), runs.size() - 1, codes.grid.bits, cut.parameter_bytes);
    return out;
}

}  // namespace kvt::inline KVT_ABI::quant
