// A phrase: the text of one paragraph, with words that are strong, code or a link.
#pragma once

#include <kvt/version.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::report {

enum class emphasis : std::uint8_t { none, strong, slight, code, link };

/// Text is never markup: renderers escape all of it. Built by adding: `"budget " + strong("0.20") + " of " + code("kv")`.
class phrase {
  public:
    struct piece {
        std::string text;
        report::emphasis emphasis = emphasis::none;
        std::string target{};  ///< of a link
    };

    phrase() = default;
    phrase(std::string text) {
        *this += piece{std::move(text)};
    }  // NOLINT(google-explicit-constructor): text is a phrase
    phrase(std::string_view text) : phrase{std::string{text}} {}  // NOLINT(google-explicit-constructor)
    phrase(char const* text) : phrase{std::string{text}} {}       // NOLINT(google-explicit-constructor)
    phrase(piece p) { *this += std::move(p); }                    // NOLINT(google-explicit-constructor)

    phrase& operator+=(piece p) {
        if (!p.text.empty()) pieces_.push_back(std::move(p));
        return *this;
    }
    phrase& operator+=(phrase const& other) {
        auto added = other.pieces_;  // `other` may be this phrase
        for (auto& p : added) pieces_.push_back(std::move(p));
        return *this;
    }
    friend phrase operator+(phrase a, phrase const& b) { return std::move(a += b); }

    [[nodiscard]] std::vector<piece> const& pieces() const { return pieces_; }
    [[nodiscard]] bool empty() const { return pieces_.empty(); }
    /// The words alone.
    [[nodiscard]] std::string text() const {
        std::string out;
        for (auto const& p : pieces_) out += p.text;
        return out;
    }

  private:
    std::vector<piece> pieces_;
};

[[nodiscard]] inline phrase strong(std::string text) { return phrase::piece{std::move(text), emphasis::strong}; }
[[nodiscard]] inline phrase slight(std::string text) { return phrase::piece{std::move(text), emphasis::slight}; }
[[nodiscard]] inline phrase code(std::string text) { return phrase::piece{std::move(text), emphasis::code}; }
/// A link to a relative path, a `#fragment` or an http(s) address; any other target (`javascript:` and its like) is shown
/// as its text alone.
[[nodiscard]] inline phrase linked(std::string text, std::string target) {
    return phrase::piece{std::move(text), emphasis::link, std::move(target)};
}

}  // namespace kvt::inline KVT_ABI::report
