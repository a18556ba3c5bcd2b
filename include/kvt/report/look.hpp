// look: how large a picture is, how fine, and in which letters.
#pragma once

#include <kvt/core/record.hpp>

#include <cstdint>

namespace kvt::inline KVT_ABI::report {

/// The picture's file format. Both show the same size: PNG at the look's resolution, SVG in units of 1/150 inch.
enum class image_format : std::uint8_t { png, svg };

enum class letters : std::uint8_t { sans, serif };
KVT_CHOICE(letters, "sans", "serif");

/// Letters, lines and marks keep their size on paper whatever the resolution.
struct look {
    double width = 8, height = 6;  ///< inches
    std::int64_t dpi = 150;        ///< of PNG
    report::letters letters = report::letters::sans;
};
KVT_RECORD(look, width, height, dpi, letters);

}  // namespace kvt::inline KVT_ABI::report
