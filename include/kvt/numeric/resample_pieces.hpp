// Resamples computed piece by piece, in any order and at once, as if one after another.
#pragma once

#include <kvt/core/random.hpp>
#include <kvt/numeric/in_order.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace kvt::inline KVT_ABI::numeric {

/// Fills `out` by calls of `run(stream, piece)`, each of which fills its piece and moves its own copy of the stream,
/// usually by `draws` for each of the piece's slots. The result and the stream's end are those of `run(stream, out)`,
/// whoever runs the turns: a piece begins at the draw where it does when no draw was rejected before it, and where one
/// was, the pieces behind are drawn again. `run` must give the same slots however `out` is cut.
template <class Executor, class Run>
void resample_in_pieces(random_stream& stream, std::size_t draws, std::span<double> out, Executor const& executor,
                        Run const& run) {
    constexpr std::size_t most_pieces = 64, smallest = 64;
    std::size_t const size = std::max(smallest, (out.size() + most_pieces - 1) / most_pieces);
    std::size_t const pieces = (out.size() + size - 1) / size;
    auto const piece = [&](std::size_t p) { return out.subspan(p * size, std::min(size, out.size() - p * size)); };
    auto const start = [&, first = stream](std::size_t p) {
        random_stream at = first;
        at.skip(p * size * draws);
        return at;
    };
    std::vector<random_stream> ends(pieces, stream);
    executor.parallel_for(pieces, [&](std::size_t p) {
        ends[p] = start(p);
        run(ends[p], piece(p));
    });
    for (std::size_t p = 0; p < pieces; ++p) {
        if (stream.state() == start(p).state()) stream = ends[p];
        else run(stream, piece(p));
    }
}

}  // namespace kvt::inline KVT_ABI::numeric
