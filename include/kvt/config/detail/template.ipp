#pragma once

#include <kvt/config/template.hpp>

#include <kainjow/mustache.hpp>

namespace kvt::inline KVT_ABI::config {
namespace detail {

KVT_DECL kainjow::mustache::data template_data(json const& value) {
    namespace km = kainjow::mustache;
    if (value.is_array()) {
        km::list items;
        for (auto const& item : value.items()) items.emplace_back(template_data(item));
        return km::data{items};
    }
    if (value.is_object()) {
        km::data members{km::data::type::object};
        for (auto const& [name, item] : value.members()) members.set(name, template_data(item));
        return members;
    }
    if (value.is_null() || (value.is_bool() && !value.boolean()) || (value.is_text() && value.text().empty()))
        return km::data{false};
    return km::data{value.is_text() ? value.text() : dump(value)};
}

/// Values are never read as templates, so that what a model answered cannot name other values.
class template_scope final : public kainjow::mustache::context<std::string> {
  public:
    using context::context;
    kainjow::mustache::data const* get_partial(std::string const&) const override { return nullptr; }
};

}  // namespace detail

KVT_DECL std::string render(std::string_view text, json const& data, escaping how, std::string_view where) {
    kainjow::mustache::mustache filled{std::string{text}};
    if (how == escaping::none) filled.set_custom_escape([](std::string const& plain) { return plain; });
    auto const values = detail::template_data(data);
    detail::template_scope scope{&values};
    auto out = filled.is_valid() ? filled.render(scope) : std::string{};
    if (!filled.is_valid()) throw error{error_kind::malformed, std::string{where}, "not a template (" + filled.error_message() + ")"};
    return out;
}

}  // namespace kvt::inline KVT_ABI::config
