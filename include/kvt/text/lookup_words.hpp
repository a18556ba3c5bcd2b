// lookup_words: the closed vocabulary in which the constructed model and its prompts are written.
#pragma once

#include <kvt/version.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace kvt::inline KVT_ABI::text {

/// Keys and values of records. A record is one word, `amber=otter`; asked for by `find amber=`, it is answered by
/// `amber otter .`, and where it is not there any more by `amber none .`.
inline constexpr std::array<std::string_view, 32> lookup_keys{
    "amber", "azure", "beige",  "black",  "bronze", "cobalt", "copper", "coral", "cream",  "crimson", "ebony",
    "green", "grey",  "indigo", "ivory",  "jade",   "khaki",  "lilac",  "lime",  "maroon", "mauve",   "navy",
    "ochre", "olive", "pink",   "purple", "ruby",   "silver", "teal",   "umber", "violet", "white"};
inline constexpr std::array<std::string_view, 12> lookup_values{"badger", "camel", "falcon", "gecko", "heron", "lynx",
                                                                "moose",  "otter", "panda",  "raven", "tiger", "zebra"};
inline constexpr std::array<std::string_view, 16> lookup_filler{
    "barn", "bridge", "cabin", "castle", "church", "field", "hill",  "island",
    "lake", "market", "mill",  "road",   "school", "shore", "tower", "village"};
inline constexpr std::string_view lookup_find = "find";
inline constexpr std::string_view lookup_none = "none";

/// `amber=otter`, and `amber=` for the question.
[[nodiscard]] inline std::string lookup_record(std::size_t key, std::size_t value) {
    return std::string{lookup_keys[key]} + "=" + std::string{lookup_values[value]};
}
[[nodiscard]] inline std::string lookup_query(std::size_t key) { return std::string{lookup_keys[key]} + "="; }

}  // namespace kvt::inline KVT_ABI::text
