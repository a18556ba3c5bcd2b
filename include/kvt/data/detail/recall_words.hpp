// The words of the recall task: the vocabulary of the model that ships with it (config/models/recall/tokenizer.json).
#pragma once

#include <kvt/version.hpp>

#include <array>
#include <string_view>

namespace kvt::inline KVT_ABI::data::detail {

/// A record's key is one of these ...
inline constexpr std::array<std::string_view, 40> key_adjectives{
    "red",     "blue",   "green",  "amber",  "silver", "golden", "purple", "orange", "crimson", "ivory",
    "scarlet", "violet", "copper", "bronze", "indigo", "teal",   "maroon", "olive",  "coral",   "pearl",
    "jade",    "ruby",   "lilac",  "cobalt", "russet", "tawny",  "ebony",  "azure",  "beige",   "mauve",
    "ochre",   "umber",  "sable",  "khaki",  "peach",  "rose",   "mint",   "navy",   "plum",    "lemon"};

/// ... and one of these: 1,920 keys.
inline constexpr std::array<std::string_view, 48> key_nouns{
    "falcon", "otter", "badger", "heron", "lynx",  "tiger",  "wolf",   "raven",  "eagle", "panda", "zebra",  "camel",
    "moose",  "bison", "gecko",  "viper", "cobra", "shark",  "whale",  "trout",  "finch", "robin", "stork",  "crane",
    "swan",   "goose", "mole",   "hare",  "stoat", "ferret", "beaver", "jackal", "hyena", "puma",  "ocelot", "lemur",
    "tapir",  "koala", "dingo",  "bear",  "fox",   "owl",    "toad",   "newt",   "crab",  "squid", "seal",   "walrus"};

/// What fills the text between records.
inline constexpr std::array<std::string_view, 24> filler_adjectives{
    "old",    "quiet",  "narrow", "bright", "gentle", "heavy",   "empty", "distant",
    "broken", "hidden", "frozen", "dusty",  "silent", "ancient", "warm",  "cold",
    "steep",  "wooden", "busy",   "calm",   "wide",   "foggy",   "sunny", "gray"};

inline constexpr std::array<std::string_view, 32> places{
    "river",   "mill",   "bridge", "village", "garden",  "tower", "market", "harbor",  "forest", "valley",  "station",
    "library", "castle", "meadow", "road",    "island",  "lake",  "hill",   "church",  "school", "barn",    "cabin",
    "field",   "street", "shore",  "window",  "lantern", "train", "wagon",  "orchard", "temple", "fountain"};

inline constexpr std::array<std::string_view, 24> verbs{"runs",   "stands",  "rests",   "turns", "leads",   "waits",
                                                        "sleeps", "shines",  "drifts",  "falls", "rises",   "opens",
                                                        "bends",  "stays",   "leans",   "moves", "grows",   "fades",
                                                        "sits",   "returns", "wanders", "flows", "remains", "passes"};

inline constexpr std::array<std::string_view, 16> adverbs{"slowly", "softly",  "often",  "rarely", "always", "today",
                                                          "again",  "quickly", "calmly", "early",  "late",   "alone",
                                                          "daily",  "soon",    "nearby", "twice"};

}  // namespace kvt::inline KVT_ABI::data::detail
