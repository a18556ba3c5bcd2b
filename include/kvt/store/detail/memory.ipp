#pragma once

#include <kvt/store/detail/rules.ipp>
#include <kvt/store/memory.hpp>

#include <map>
#include <set>

namespace kvt::inline KVT_ABI::store {
namespace detail {

/// Rows by primary key (or by a running number where there is none), and unique columns to that key.
struct memory_table {
    table const* described;
    std::map<row, row> rows;
    std::vector<std::map<row, row>> unique;
    std::int64_t next = 0;
};

/// How to take one change back: the row that was there, or none; without a table, a table that was created.
struct memory_undo {
    memory_table* table;
    row key;
    std::optional<row> before;
    std::string created;
};

inline row cells_of(table const& t, columns const& named, row const& r) {
    row out;
    for (auto name : named) out.push_back(r[column_position(t, name)]);
    return out;
}

/// The values that conditions fix for these columns, or nothing where one is not fixed.
inline std::optional<row> fixed(where const& match, columns const& named) {
    row out;
    for (auto name : named) {
        auto const c = std::find_if(match.begin(), match.end(),
                                    [&](condition const& x) { return x.column == name && x.among.empty(); });
        if (c == match.end() || c->equals.is_null()) return std::nullopt;
        out.push_back(c->equals);
    }
    return named.count > 0 ? std::optional{std::move(out)} : std::nullopt;
}

}  // namespace detail

struct memory::state {
    std::map<std::string, detail::memory_table, std::less<>> tables;
    std::vector<detail::memory_undo> log;
    std::vector<std::size_t> open;  ///< where in the log each open transaction began

    detail::memory_table& at(std::string_view called) {
        auto const found = tables.find(called);
        if (found == tables.end()) throw detail::no_table(called);
        return found->second;
    }
    /// Puts a row, or takes it away where there is none, keeping unique columns in step.
    static void put(detail::memory_table& t, row const& key, std::optional<row> now) {
        auto const old = t.rows.find(key);
        for (std::size_t i = 0; i < t.unique.size(); ++i) {
            auto const& named = t.described->rules.distinct[i];
            if (old != t.rows.end()) t.unique[i].erase(detail::cells_of(*t.described, named, old->second));
            if (!now) continue;
            auto cells = detail::cells_of(*t.described, named, *now);
            if (std::none_of(cells.begin(), cells.end(), [](value const& v) { return v.is_null(); }))
                t.unique[i].emplace(std::move(cells), key);
        }
        if (now) t.rows.insert_or_assign(key, std::move(*now));
        else if (old != t.rows.end()) t.rows.erase(old);
    }
    void change(detail::memory_table& t, row const& key, std::optional<row> now) {
        if (!open.empty()) {
            auto const old = t.rows.find(key);
            log.push_back({&t, key, old == t.rows.end() ? std::nullopt : std::optional{old->second}, {}});
        }
        put(t, key, std::move(now));
    }
    void require_references(table const& t, row const& r) {
        for (auto const& ref : t.rules.references()) {
            auto const key = detail::matching(t, ref.to, ref.from, r);
            if (detail::any_null(key)) continue;
            auto& target = at(ref.table);
            auto const named = detail::fixed(key, target.described->rules.primary);
            if (!named || !target.rows.contains(*named)) throw detail::dangling(t, ref, key);
        }
    }
    /// Keys of the rows that match (conditions already checked).
    std::vector<row> keys(detail::memory_table& t, where const& match);
};

KVT_DECL std::vector<row> memory::state::keys(detail::memory_table& t, where const& match) {
    struct test {
        std::size_t position;
        condition const* one;
        std::set<value> among;
    };
    std::vector<test> tests;
    for (auto const& c : match) {
        auto& added = tests.emplace_back(test{column_position(*t.described, c.column), &c, {}});
        if (c.among.empty()) continue;
        auto& other = at(c.among.front().from->rules.name);
        auto const column = column_position(*other.described, c.among.front().column);
        for (auto const& key : keys(other, c.among.front().match)) added.among.insert(other.rows.at(key)[column]);
    }
    auto const holds = [&](row const& r) {
        return std::all_of(tests.begin(), tests.end(), [&](test const& x) {
            auto const& cell = r[x.position];
            return x.one->among.empty() ? cell == x.one->equals : !cell.is_null() && x.among.contains(cell);
        });
    };
    std::vector<row> out;
    auto const look = [&](row const& key) {
        auto const found = t.rows.find(key);
        if (found != t.rows.end() && holds(found->second)) out.push_back(key);
    };
    if (auto const key = detail::fixed(match, t.described->rules.primary)) return look(*key), out;
    for (std::size_t i = 0; i < t.unique.size(); ++i)
        if (auto const cells = detail::fixed(match, t.described->rules.distinct[i])) {
            auto const found = t.unique[i].find(*cells);
            if (found != t.unique[i].end()) look(row{found->second});
            return out;
        }
    for (auto const& [key, r] : t.rows)
        if (holds(r)) out.push_back(key);
    return out;
}

KVT_DECL memory::memory() : state_{new state} {}
KVT_DECL memory::memory(memory&& other) noexcept : state_{std::exchange(other.state_, nullptr)} {}
KVT_DECL memory& memory::operator=(memory&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}
KVT_DECL memory::~memory() { delete state_; }

KVT_DECL void memory::create(table const& t) {
    auto const [place, fresh] = state_->tables.try_emplace(std::string{t.rules.name});
    if (!fresh) return;
    place->second.described = &t;
    place->second.unique.resize(t.rules.distinct_count);
    if (!state_->open.empty()) state_->log.push_back({nullptr, {}, {}, std::string{t.rules.name}});
}

KVT_DECL void memory::insert(table const& t, row cells) {
    auto& held = state_->at(t.rules.name);
    if (auto broken = detail::broken_key(*this, t, cells, false)) throw *broken;
    state_->require_references(t, cells);
    auto const key = t.rules.primary.count > 0 ? detail::cells_of(t, t.rules.primary, cells) : row{held.next++};
    state_->change(held, key, std::move(cells));
}

KVT_DECL void memory::upsert(table const& t, row cells) {
    auto& held = state_->at(t.rules.name);
    if (t.rules.primary.count == 0) throw detail::no_key(t);
    if (auto broken = detail::broken_key(*this, t, cells, true)) throw *broken;
    state_->require_references(t, cells);
    auto const key = detail::cells_of(t, t.rules.primary, cells);
    state_->change(held, key, std::move(cells));
}

KVT_DECL std::vector<row> memory::select(table const& t, where const& match, order const& by, std::size_t limit,
                                         positions wanted) {
    auto& held = state_->at(t.rules.name);
    std::vector<row const*> found;
    for (auto const& key : state_->keys(held, detail::checked(t, match))) found.push_back(&held.rows.at(key));
    std::vector<std::pair<std::size_t, direction>> keys;
    for (auto const& k : detail::checked(t, by)) keys.emplace_back(column_position(t, k.column), k.way);
    std::stable_sort(found.begin(), found.end(), [&](row const* a, row const* b) {
        for (auto const& [i, way] : keys) {
            auto const& x = way == ascending ? (*a)[i] : (*b)[i];
            auto const& y = way == ascending ? (*b)[i] : (*a)[i];
            if (x < y) return true;
            if (y < x) return false;
        }
        return false;
    });
    std::vector<row> out;
    for (auto const* r : found) {
        if (out.size() == limit) break;
        if (wanted.empty()) {
            out.push_back(*r);
            continue;
        }
        auto& cells = out.emplace_back();
        for (auto i : wanted) cells.push_back((*r)[i]);
    }
    return out;
}

KVT_DECL std::size_t memory::count(table const& t, where const& match) {
    return state_->keys(state_->at(t.rules.name), detail::checked(t, match)).size();
}

KVT_DECL std::size_t memory::erase(table const& t, where const& match) {
    auto& held = state_->at(t.rules.name);
    auto const keys = state_->keys(held, detail::checked(t, match));
    std::set<row> const going{keys.begin(), keys.end()};
    for (auto const& [other, child] : state_->tables)
        for (auto const& ref : child.described->rules.references()) {
            if (ref.table != t.rules.name || going.empty()) continue;
            for (auto const& [key, r] : child.rows) {
                auto const named =
                    detail::fixed(detail::matching(*child.described, ref.to, ref.from, r), t.rules.primary);
                if (named && going.contains(*named)) throw detail::still_needed(t, match, other);
            }
        }
    for (auto const& key : keys) state_->change(held, key, std::nullopt);
    return keys.size();
}

KVT_DECL void memory::begin() { state_->open.push_back(state_->log.size()); }
KVT_DECL void memory::commit() {
    if (state_->open.empty()) throw detail::no_transaction();
    state_->open.pop_back();
    if (state_->open.empty()) state_->log.clear();
}
KVT_DECL void memory::rollback() {
    if (state_->open.empty()) throw detail::no_transaction();
    while (state_->log.size() > state_->open.back()) {
        auto& last = state_->log.back();
        if (last.table == nullptr) state_->tables.erase(last.created);
        else state::put(*last.table, last.key, std::move(last.before));
        state_->log.pop_back();
    }
    state_->open.pop_back();
}

KVT_DECL std::vector<std::string> memory::tables() {
    std::vector<std::string> names;
    for (auto const& [called, held] : state_->tables) names.push_back(called);
    return names;
}
KVT_DECL std::vector<std::string> memory::check() { return {}; }

}  // namespace kvt::inline KVT_ABI::store
