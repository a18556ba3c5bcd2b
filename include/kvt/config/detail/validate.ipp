#pragma once

#include <kvt/config/detail/environment.ipp>
#include <kvt/config/detail/settings.ipp>
#include <kvt/config/settings.hpp>
#include <kvt/config/validate.hpp>
#include <kvt/core/json_path.hpp>
#include <kvt/core/nearest_name.hpp>
#include <kvt/core/trim.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace kvt::inline KVT_ABI::config {
namespace detail {

/// The keys every command needs, in the order in which their errors are told.
inline constexpr std::string_view required_keys[] = {
    "dataset.name", "dataset.task",         "dataset.n_per_bin",   "binning.n_bins",
    "model.name",   "engine.base_url",      "engine.api_key_env",  "kv.policy",
    "kv.budgets",   "decoding.temperature", "decoding.max_tokens", "output.exp_group_id",
    "db.path"};

/// Keys that shipped configurations of the reference hold and nothing here reads.
inline constexpr std::string_view idle_keys[] = {
    "engine.name",          "engine.model_name",          "engine.kvfactory_repo_dir",
    "engine.method",        "engine.attn_implementation", "engine.max_capacity_prompts",
    "engine.save_root_dir", "run.hf_tokenizer_model",     "run.model_name"};

inline bool listed(std::span<std::string_view const> list, std::string_view key) {
    return std::find(list.begin(), list.end(), key) != list.end();
}

inline issue wrong_type(std::string key, json const& found, std::string expected) {
    return {std::move(key), issue_code::type, "found " + std::string{found.type_name()}, std::move(expected), {}};
}
inline std::string shown(json const& value) { return value.is_text() ? "\"" + value.text() + "\"" : dump(value); }

/// One required key: `check` is asked only for a value that is there.
template <class Check>
void require(json const& config, std::string_view key, std::string_view expected, std::vector<issue>& out,
             Check check) {
    auto const* value = value_at(config, key);
    if (value == nullptr || value->is_null()) {
        out.push_back({std::string{key}, issue_code::missing, "missing", std::string{expected}, {}});
        return;
    }
    check(std::string{key}, *value);
}

inline void require_text(json const& config, std::string_view key, std::vector<issue>& out, bool may_be_blank = false) {
    require(config, key, "text", out, [&](std::string at, json const& value) {
        if (!value.is_text()) return out.push_back(wrong_type(std::move(at), value, "text"));
        if (!may_be_blank && trim(value.text()).empty())
            out.push_back({std::move(at), issue_code::empty, "is blank", "text", {}});
    });
}

inline void require_count(json const& config, std::string_view key, std::vector<issue>& out) {
    require(config, key, "an integer of at least 1", out, [&](std::string at, json const& value) {
        if (!value.is_integer()) return out.push_back(wrong_type(std::move(at), value, "an integer of at least 1"));
        if (value.integer() < 1)
            out.push_back({std::move(at), issue_code::min, dump(value) + " is too small", "at least 1", {}});
    });
}

inline void require_budgets(json const& config, std::vector<issue>& out) {
    constexpr auto list = "a list of numbers in (0, 1]";
    require(config, "kv.budgets", list, out, [&](std::string at, json const& value) {
        if (!value.is_array()) return out.push_back(wrong_type(std::move(at), value, list));
        if (value.size() == 0) out.push_back({at, issue_code::empty, "is empty", list, {}});
        for (std::size_t i = 0; i < value.size(); ++i) {
            auto const& item = value.items()[i];
            auto element = at + "[" + std::to_string(i) + "]";
            if (!item.is_number()) {
                out.push_back(wrong_type(std::move(element), item, "a number in (0, 1]"));
                continue;
            }
            double const budget = item.real();
            if (!(budget > 0 && budget <= 1)) {
                out.push_back({std::move(element),
                               issue_code::range,
                               dump(item) + " is outside (0, 1]",
                               "a fraction of the full cache",
                               {}});
                continue;
            }
            auto const same = [&](json const& other) { return other.is_number() && other.real() == budget; };
            if (std::any_of(value.items().begin(), value.items().begin() + static_cast<std::ptrdiff_t>(i), same))
                out.push_back({std::move(element),
                               issue_code::duplicate,
                               dump(item) + " is given twice",
                               "each budget once",
                               {}});
        }
    });
}

inline void require_temperature(json const& config, std::vector<issue>& out) {
    require(config, "decoding.temperature", "a number of at least 0", out, [&](std::string at, json const& value) {
        if (!value.is_number()) return out.push_back(wrong_type(std::move(at), value, "a number of at least 0"));
        if (!(value.real() >= 0 && std::isfinite(value.real())))
            out.push_back(
                {std::move(at), issue_code::min, dump(value) + " is no temperature", "a number of at least 0", {}});
    });
}

inline bool is_group_id(std::string_view id) {
    return id != "." && id != ".." && std::all_of(id.begin(), id.end(), [](char c) {
               return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '.' || c == '_' ||
                      c == '-';
           });
}

inline void require_group(json const& config, std::vector<issue>& out) {
    auto const before = out.size();
    require_text(config, "output.exp_group_id", out);
    if (out.size() > before) return;
    auto const& id = value_at(config, "output.exp_group_id")->text();
    if (!is_group_id(id))
        out.push_back({"output.exp_group_id",
                       issue_code::value,
                       "\"" + id + "\" is no group id",
                       "letters, digits, '.', '_' and '-'",
                       {}});
}

inline void require_database(json const& config, std::vector<issue>& out) {
    auto const* value = value_at(config, "db.path");
    if (value == nullptr) out.push_back({"db.path", issue_code::missing, "missing", "null, \"auto\" or a path", {}});
    else if (!value->is_null() && !value->is_text())
        out.push_back(wrong_type("db.path", *value, "null, \"auto\" or a path"));
}

/// A dataset's name or task becomes part of paths: it must not lead out of the data folder.
inline void require_inside(json const& config, std::string_view key, std::vector<issue>& out) {
    auto const* value = value_at(config, key);
    if (value == nullptr || !value->is_text()) return;
    std::string_view rest = value->text();
    bool outside = rest.starts_with('/');
    while (!outside && !rest.empty()) {
        auto const end = std::min(rest.find('/'), rest.size());
        outside = trim(rest.substr(0, end)) == "..";
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (outside)
        out.push_back(
            {std::string{key}, issue_code::value, shown(*value) + " leads out of the data folder", "a name", {}});
}

/// Walks the document beside the settings' types and lists what does not fit; required keys have rules of their own.
class shape {
  public:
    explicit shape(json const& config) { section(type_of<settings>(), config, ""); }
    std::vector<issue> unknown, misfits;

  private:
    void section(field_type const& type, json const& value, std::string const& key) {
        for (auto const& [name, item] : value.members()) {
            auto const at = key.empty() ? name : key + "." + name;
            auto const f = std::ranges::find(type.fields, name, &field::name);
            if (f != type.fields.end()) fit(*f->type, item, at);
            else if (!key.empty() && !listed(idle_keys, at)) unknown.push_back(unknown_key(type, at, name));
        }
    }
    void fit(field_type const& type, json const& value, std::string const& at) {
        if (listed(required_keys, at) || value.is_null()) return;
        auto const misfit = [&](std::string expected) {
            misfits.push_back(wrong_type(at, value, std::move(expected)));
        };
        switch (type.kind) {
            case field_kind::flag: return value.is_bool() ? void() : misfit("true or false");
            case field_kind::integer: return value.is_integer() ? void() : misfit("an integer");
            case field_kind::real: return value.is_number() ? void() : misfit("a number");
            case field_kind::text: return value.is_text() ? void() : misfit("text");
            case field_kind::tree: return;
            case field_kind::optional: return fit(*type.element, value, at);
            case field_kind::choice: return word(type, value, at);
            case field_kind::list:
                if (!value.is_array()) return misfit("a list");
                for (std::size_t i = 0; i < value.size(); ++i)
                    fit_element(*type.element, value.items()[i], at + "[" + std::to_string(i) + "]");
                return;
            case field_kind::record:
                if (value.is_object()) return section(type, value, at);
                if (std::ranges::none_of(required_keys, [&](auto key) { return key.starts_with(at + "."); }))
                    misfit("a mapping");
                return;
        }
    }
    void fit_element(field_type const& type, json const& value, std::string const& at) {
        if (value.is_null()) misfits.push_back(wrong_type(at, value, "a value"));
        else fit(type, value, at);
    }
    void word(field_type const& type, json const& value, std::string const& at) {
        std::string known;
        for (auto choice : type.choices) {
            if (value.is_text() && value.text() == choice) return;
            known += (known.empty() ? "" : ", ") + std::string{choice};
        }
        if (!value.is_text()) return misfits.push_back(wrong_type(at, value, "one of " + known));
        auto const near = nearest_name(value.text(), type.choices);
        misfits.push_back({at,
                           issue_code::value,
                           "unknown value " + shown(value) + (near.empty() ? "" : " (did you mean \"" + near + "\"?)"),
                           "one of " + known,
                           {}});
    }
    static void find_leaf(field_type const& type, std::string const& key, std::string_view name, std::string& found) {
        for (auto const& f : type.fields) {
            auto const at = key.empty() ? std::string{f.name} : key + "." + std::string{f.name};
            if (f.name == name && !key.empty() && found.empty()) found = at;
            if (f.type->kind == field_kind::record) find_leaf(*f.type, at, name, found);
        }
    }
    [[nodiscard]] static issue unknown_key(field_type const& type, std::string const& at, std::string_view name) {
        std::vector<std::string_view> names;
        for (auto const& f : type.fields) names.push_back(f.name);
        std::string near;
        if (auto const close = nearest_name(name, names); !close.empty()) near = close;
        else find_leaf(type_of<settings>(), "", name, near);  // the right key in the wrong section
        if (near.empty()) near = nearest_name(name, names, name.size() / 2 + 1);
        if (!near.empty() && near.find('.') == near.npos) near = at.substr(0, at.size() - name.size()) + near;
        std::string known;
        for (auto n : names) known += (known.empty() ? "one of " : ", ") + std::string{n};
        if (near.empty()) return {at, issue_code::unknown, "unknown key", known, {}};
        return {at, issue_code::unknown, "unknown key (did you mean " + near + "?)", "", {}};
    }
};

}  // namespace detail

KVT_DECL std::string issue::line() const { return as_error().what(); }

KVT_DECL error issue::as_error() const {
    return {code == issue_code::missing ? error_kind::missing : error_kind::malformed,
            where.empty() ? key : where + ": " + key, problem, expected};
}

namespace detail {

/// A user or a password in the URL would be stored with every run.
inline void require_plain_url(json const& config, std::vector<issue>& out) {
    auto const* url = value_at(config, "engine.base_url");
    if (url != nullptr && url->is_text() && url->text().find('@') != std::string::npos)
        out.push_back({"engine.base_url",
                       issue_code::value,
                       "holds a user name or a password",
                       "a URL without them; the key is read from the variable that engine.api_key_env names",
                       {}});
}

/// The key itself in place of its variable's name must not be stored; so the value is not shown either.
inline void require_variable(json const& config, std::vector<issue>& out) {
    auto const* name = value_at(config, "engine.api_key_env");
    if (name == nullptr || !name->is_text()) return;
    auto const in_name = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    };
    if (!std::all_of(name->text().begin(), name->text().end(), in_name))
        out.push_back({"engine.api_key_env",
                       issue_code::value,
                       "is no variable's name",
                       "letters, digits and '_'; never the key itself",
                       {}});
}

}  // namespace detail

KVT_DECL std::vector<issue> validate(json const& config) {
    std::vector<issue> out;
    detail::require_text(config, "dataset.name", out);
    detail::require_inside(config, "dataset.name", out);
    detail::require_text(config, "dataset.task", out);
    detail::require_inside(config, "dataset.task", out);
    detail::require_count(config, "dataset.n_per_bin", out);
    detail::require_count(config, "binning.n_bins", out);
    detail::require_text(config, "model.name", out);
    detail::require_text(config, "engine.base_url", out);
    detail::require_plain_url(config, out);
    detail::require_text(config, "engine.api_key_env", out, true);
    detail::require_variable(config, out);
    detail::require_text(config, "kv.policy", out);
    detail::require_budgets(config, out);
    detail::require_temperature(config, out);
    detail::require_count(config, "decoding.max_tokens", out);
    detail::require_group(config, out);
    detail::require_database(config, out);
    if (config.is_object())
        for (auto& found : detail::shape{config}.unknown) out.push_back(std::move(found));
    return out;
}

}  // namespace kvt::inline KVT_ABI::config

#include <kvt/config/detail/validate_optional.ipp>
