// Every record is a Boost.Hana Struct; nothing is instantiated until somebody asks.
#pragma once

#include <kvt/core/record.hpp>

#include <boost/hana/accessors.hpp>
#include <boost/hana/concept/struct.hpp>
#include <boost/hana/core/when.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/tuple.hpp>

#include <utility>

namespace kvt::inline KVT_ABI::detail {

template <class M, class Indices> struct hana_label;
template <class M, std::size_t... I> struct hana_label<M, std::index_sequence<I...>> {
    using type = boost::hana::string<M::label.text[I]...>;
};
template <class... M> constexpr auto hana_accessors(member_list<M...>) {
    return boost::hana::make_tuple(boost::hana::make_pair(
        typename hana_label<M, std::make_index_sequence<M::name.size()>>::type{}, M{})...);
}

}  // namespace kvt::inline KVT_ABI::detail

namespace boost::hana {
template <class R> struct accessors_impl<R, when<kvt::record<R>>> {
    static constexpr auto apply() { return kvt::detail::hana_accessors(kvt::members_of<R>{}); }
};
}  // namespace boost::hana
