// registry: a Hana map from a compile-time name to a policy type, so that YAML can name what C++ composes.
#pragma once

#include <kvt/core/json.hpp>
#include <kvt/core/nearest_name.hpp>

#include <boost/hana/at_key.hpp>
#include <boost/hana/contains.hpp>
#include <boost/hana/for_each.hpp>
#include <boost/hana/keys.hpp>
#include <boost/hana/map.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/type.hpp>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI {

/// A registered name and the policy it stands for; the policy is a record, so its parameters can be read.
template <fixed_string Name, class Policy> struct entry {
    static constexpr std::string_view name = Name.view();
    using policy = Policy;
};

namespace detail {
template <fixed_string Name, class Indices> struct hana_name;
template <fixed_string Name, std::size_t... I> struct hana_name<Name, std::index_sequence<I...>> {
    using type = boost::hana::string<Name.text[I]...>;
};
template <fixed_string Name>
using hana_name_t = typename hana_name<Name, std::make_index_sequence<Name.view().size()>>::type;

template <fixed_string Name, class Policy> constexpr auto hana_pair(entry<Name, Policy>) {
    static_assert(record<Policy>,
                  "kvt: a registered Policy must be a record: add KVT_RECORD or KVT_EMPTY_RECORD below it");
    return boost::hana::make_pair(hana_name_t<Name>{}, boost::hana::type_c<Policy>);
}

/// What an unknown name stands for after it was refused, so that the refusal stays the only error.
struct unregistered {};
}  // namespace detail

/// The policies of one axis by name. A user's program extends it: `using mine = policies::with<"mine", my_policy>;`
template <class... Entries> struct registry {
    static constexpr auto map = boost::hana::make_map(detail::hana_pair(Entries{})...);

    /// The registry with one more name.
    template <fixed_string Name, class Policy> using with = registry<Entries..., entry<Name, Policy>>;

    template <fixed_string Name>
    static constexpr bool contains = decltype(boost::hana::contains(map, detail::hana_name_t<Name>{}))::value;

    /// The policy registered under the name.
    template <fixed_string Name> [[nodiscard]] static constexpr auto find() {
        constexpr bool known = contains<Name>;
        static_assert(known, "kvt: no policy is registered under this Name; extend the registry with "
                             "`with<\"name\", policy>`");
        if constexpr (known) return boost::hana::at_key(map, detail::hana_name_t<Name>{});
        else return boost::hana::type_c<detail::unregistered>;
    }
    template <fixed_string Name> using get = typename decltype(find<Name>())::type;

    [[nodiscard]] static std::vector<std::string_view> names() { return {Entries::name...}; }

    /// Calls `f(std::type_identity<Policy>{})` for every entry, in order of registration, with its name first.
    template <class F> static void each(F&& f) {
        (f(Entries::name, std::type_identity<typename Entries::policy>{}), ...);
    }

    /// Finds `name`, reads the policy's parameters from `parameters` (a JSON object or null) and calls `f(policy)`.
    /// Throws `error{usage}` listing the registered names; `where` names the key the name came from.
    template <class F> static auto visit(std::string_view name, json const& parameters, std::string_view where, F&& f) {
        using result = std::common_type_t<decltype(f(typename Entries::policy{}))...>;
        if constexpr (std::is_void_v<result>) {
            bool const found = ((Entries::name == name && (f(read<Entries>(parameters, where)), true)) || ...);
            if (!found) refuse(name, where);
        } else {
            std::optional<result> out;
            bool const found =
                ((Entries::name == name && (out.emplace(f(read<Entries>(parameters, where))), true)) || ...);
            if (!found) refuse(name, where);
            return std::move(*out);
        }
    }

  private:
    template <class Entry> static typename Entry::policy read(json const& parameters, std::string_view where) {
        if (parameters.is_null()) return {};
        return from_json<typename Entry::policy>(parameters, std::string{where} + "." + std::string{Entry::name});
    }
    [[noreturn]] static void refuse(std::string_view name, std::string_view where) {
        std::string known;
        for (auto n : names()) known += (known.empty() ? "" : ", ") + std::string{n};
        auto const near = nearest_name(name, names());
        throw error{error_kind::usage, std::string{where},
                    "unknown name \"" + std::string{name} + "\"" +
                        (near.empty() ? "" : " (did you mean " + near + "?)"),
                    "one of " + known};
    }
};

}  // namespace kvt::inline KVT_ABI
