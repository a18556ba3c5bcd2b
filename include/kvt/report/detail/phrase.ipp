#pragma once

#include <kvt/report/phrase.hpp>

#include <utility>

namespace kvt::inline KVT_ABI::report {

KVT_DECL phrase::phrase(std::string text) { *this += piece{std::move(text)}; }
KVT_DECL phrase::phrase(std::string_view text) : phrase{std::string{text}} {}
KVT_DECL phrase::phrase(char const* text) : phrase{std::string{text}} {}
KVT_DECL phrase::phrase(piece p) { *this += std::move(p); }

KVT_DECL phrase& phrase::operator+=(piece p) {
    if (!p.text.empty()) pieces_.push_back(std::move(p));
    return *this;
}
KVT_DECL phrase& phrase::operator+=(phrase const& other) {
    auto added = other.pieces_;  // `other` may be this phrase
    for (auto& p : added) pieces_.push_back(std::move(p));
    return *this;
}
KVT_DECL phrase phrase::joined(phrase a, phrase const& b) { return std::move(a += b); }

KVT_DECL std::string phrase::text() const {
    std::string out;
    for (auto const& p : pieces_) out += p.text;
    return out;
}

KVT_DECL phrase strong(std::string text) { return phrase::piece{std::move(text), emphasis::strong}; }
KVT_DECL phrase slight(std::string text) { return phrase::piece{std::move(text), emphasis::slight}; }
KVT_DECL phrase code(std::string text) { return phrase::piece{std::move(text), emphasis::code}; }
KVT_DECL phrase linked(std::string text, std::string target) {
    return phrase::piece{std::move(text), emphasis::link, std::move(target)};
}

}  // namespace kvt::inline KVT_ABI::report
