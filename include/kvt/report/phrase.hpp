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
    phrase(std::string text);       // NOLINT(google-explicit-constructor): text is a phrase
    phrase(std::string_view text);  // NOLINT(google-explicit-constructor)
    phrase(char const* text);       // NOLINT(google-explicit-constructor)
    phrase(piece p);                // NOLINT(google-explicit-constructor)

    phrase& operator+=(piece p);
    phrase& operator+=(phrase const& other);
    friend phrase operator+(phrase a, phrase const& b) { return joined(std::move(a), b); }

    [[nodiscard]] std::vector<piece> const& pieces() const { return pieces_; }
    [[nodiscard]] bool empty() const { return pieces_.empty(); }
    /// The words alone.
    [[nodiscard]] std::string text() const;

  private:
    static phrase joined(phrase a, phrase const& b);

    std::vector<piece> pieces_;
};

[[nodiscard]] phrase strong(std::string text);
[[nodiscard]] phrase slight(std::string text);
[[nodiscard]] phrase code(std::string text);
/// A link to a relative path, a `#fragment` or an http(s) address; any other target (`javascript:` and its like) is shown
/// as its text alone.
[[nodiscard]] phrase linked(std::string text, std::string target);

}  // namespace kvt::inline KVT_ABI::report

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/report/detail/phrase.ipp>
#endif
