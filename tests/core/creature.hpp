// A record with a field of every kind, and random ones of it.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/core/random.hpp>

#include <cmath>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace creature {

enum class mood : std::uint8_t { calm, wild, asleep };
KVT_CHOICE(mood, "calm", "wild", "asleep");

struct limb {
    std::string name = "leg";
    double length = 1.5;
    std::optional<std::int64_t> toes;
};
KVT_RECORD(limb, name, length, toes);

struct animal {
    bool tame = true;
    std::int64_t age = 7;
    std::int8_t legs = 4;
    std::uint32_t hairs = 0;
    double weight = 0.25;
    float height = 2;
    std::string name = "cat";
    creature::mood mood = mood::wild;
    std::optional<double> speed;
    std::optional<std::string> note;
    std::vector<std::string> names;
    std::vector<limb> limbs;
    std::vector<std::vector<std::int64_t>> matrix;
    limb tail;
    std::optional<limb> horn;
    kvt::json extra;
};
KVT_RECORD(animal, tame, age, legs, hairs, weight, height, name, mood, speed, note, names, limbs, matrix, tail, horn,
           extra);

/// A finite double of any size, from random bits.
inline double any_double(kvt::random_stream& stream) {
    for (;;) {
        std::uint64_t const bits = stream.next();
        double v = 0;
        std::memcpy(&v, &bits, sizeof v);
        if (std::isfinite(v)) return v;
    }
}

/// Text of letters, quotes, controls, and characters of two to four bytes.
inline std::string any_text(kvt::random_stream& stream) {
    static constexpr std::string_view pieces[] = {
        "a", "Z", "\"", "\\", "/", "\n",           "\r", "\t",   "\b", "\f", "\x01", "\x1f",   "\x7f",
        ",", ";", "é",  "中", "😀", "\xE2\x80\xA8", " ",  "null", "0",  "{",  "]",    "\\u0041"};
    std::string out;
    for (auto n = stream.below(9); n > 0; --n) out += pieces[stream.below(std::size(pieces))];
    return out;
}

inline limb any_limb(kvt::random_stream& stream) {
    limb out{any_text(stream), any_double(stream), {}};
    if (stream.below(2) == 0) out.toes = static_cast<std::int64_t>(stream.next());
    return out;
}

/// A JSON value of at most the given depth.
inline kvt::json any_json(kvt::random_stream& stream, int depth) {
    switch (stream.below(depth > 0 ? 8 : 6)) {
        case 0: return nullptr;
        case 1: return stream.below(2) == 0;
        case 2: return static_cast<std::int64_t>(stream.next());
        case 3: return static_cast<std::int64_t>(stream.below(100)) - 50;
        case 4: return any_double(stream);
        case 5: return any_text(stream);
        case 6: {
            kvt::json::array items;
            for (auto n = stream.below(5); n > 0; --n) items.push_back(any_json(stream, depth - 1));
            return items;
        }
        default: {
            kvt::json out{kvt::json::object{}};
            for (auto n = stream.below(5); n > 0; --n) out[any_text(stream)] = any_json(stream, depth - 1);
            return out;
        }
    }
}

inline animal any_animal(kvt::random_stream& stream) {
    animal out;
    out.tame = stream.below(2) == 0;
    out.age = static_cast<std::int64_t>(stream.next());
    out.legs = static_cast<std::int8_t>(stream.next());
    out.hairs = static_cast<std::uint32_t>(stream.next());
    out.weight = any_double(stream);
    out.height = static_cast<float>(stream.unit());
    out.name = any_text(stream);
    out.mood = static_cast<mood>(stream.below(3));
    if (stream.below(2) == 0) out.speed = any_double(stream);
    if (stream.below(2) == 0) out.note = "n" + any_text(stream);
    for (auto n = stream.below(4); n > 0; --n) out.names.push_back(any_text(stream));
    for (auto n = stream.below(3); n > 0; --n) out.limbs.push_back(any_limb(stream));
    for (auto n = stream.below(3); n > 0; --n)
        out.matrix.emplace_back(stream.below(4), static_cast<std::int64_t>(stream.next()));
    out.tail = any_limb(stream);
    if (stream.below(2) == 0) out.horn = any_limb(stream);
    out.extra = any_json(stream, 2);
    return out;
}

}  // namespace creature
