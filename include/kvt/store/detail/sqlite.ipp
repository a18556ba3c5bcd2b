#pragma once

#include <kvt/core/text_file.hpp>
#include <kvt/store/detail/rules.ipp>
#include <kvt/store/detail/sql.ipp>
#include <kvt/store/sqlite.hpp>

#include <sqlite3.h>

#include <filesystem>
#include <map>
#include <unordered_map>

namespace kvt::inline KVT_ABI::store {
namespace detail {

/// The texts of a table that no query changes.
struct table_texts {
    std::string columns, insert, upsert;
    explicit table_texts(table const& t)
        : columns{listed(column_names(t))}, insert{sql_insert(t)}, upsert{sql_upsert(t)} {}
};

}  // namespace detail

struct sqlite::state {
    std::string path;
    open_mode mode;
    sqlite3* db = nullptr;
    int depth = 0;
    std::unordered_map<std::string, sqlite3_stmt*> statements;
    std::unordered_map<table const*, detail::table_texts> texts;
    std::map<std::string, table const*, std::less<>> described;  ///< tables created through this store

    state(std::string file, open_mode how) : path{std::move(file)}, mode{how} {}
    state(state const&) = delete;
    ~state() {
        forget_statements();
        sqlite3_close_v2(db);
    }
    void forget_statements() {
        for (auto& [text, statement] : statements) sqlite3_finalize(statement);
        statements.clear();
    }

    [[noreturn]] void fail(int code) const {
        std::string const said = sqlite3_errmsg(db);
        switch (code & 0xff) {
            case SQLITE_NOTADB: throw error{error_kind::malformed, path, "is not a database", "an SQLite file"};
            case SQLITE_CORRUPT: throw error{error_kind::malformed, path, "the database is damaged (" + said + ")"};
            case SQLITE_BUSY:
            case SQLITE_LOCKED: throw error{error_kind::io, path, "is held by another process", "one writer at a time"};
            case SQLITE_READONLY:
                throw error{error_kind::io, path, "cannot be written", "a writable file in a writable folder"};
            case SQLITE_CANTOPEN:
                throw error{error_kind::io, path, "cannot be opened", "a readable file in a writable folder"};
            case SQLITE_FULL: throw error{error_kind::io, path, "cannot grow (" + said + ")", "free space on the disk"};
            default: break;
        }
        constexpr std::string_view missing = "no such table: ";
        if (auto called = std::string_view{said}; called.starts_with(missing)) {
            called.remove_prefix(missing.size());
            throw detail::no_table(called.starts_with("main.") ? called.substr(5) : called);
        }
        throw error{error_kind::io, path, "database error: " + said};
    }

    detail::table_texts const& texts_of(table const& t) { return texts.try_emplace(&t, t).first->second; }
    sqlite3_stmt* prepared(std::string const& text) {
        if (auto const found = statements.find(text); found != statements.end()) return found->second;
        if (statements.size() >= 256) forget_statements();
        sqlite3_stmt* statement = nullptr;
        int const code = sqlite3_prepare_v3(db, text.c_str(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT,
                                            &statement, nullptr);
        if (code != SQLITE_OK) fail(code);
        statements.emplace(text, statement);
        return statement;
    }
    void execute(std::string const& text) {
        int const code = sqlite3_exec(db, text.c_str(), nullptr, nullptr, nullptr);
        if (code != SQLITE_OK) fail(code);
    }
    static void bind(sqlite3_stmt* statement, std::span<value const> cells) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            int const at = static_cast<int>(i) + 1;
            if (auto const* v = cells[i].integer()) sqlite3_bind_int64(statement, at, *v);
            else if (auto const* d = cells[i].real()) sqlite3_bind_double(statement, at, *d);
            else if (auto const* s = cells[i].text())
                sqlite3_bind_text64(statement, at, s->data(), s->size(), SQLITE_STATIC, SQLITE_UTF8);
            else sqlite3_bind_null(statement, at);
        }
    }
    static value cell(sqlite3_stmt* statement, int i) {
        switch (sqlite3_column_type(statement, i)) {
            case SQLITE_INTEGER: return sqlite3_column_int64(statement, i);
            case SQLITE_FLOAT: return sqlite3_column_double(statement, i);
            case SQLITE_NULL: return {};
            default: break;
        }
        auto const* bytes = static_cast<char const*>(sqlite3_column_blob(statement, i));  // text as its bytes
        auto const size = static_cast<std::size_t>(sqlite3_column_bytes(statement, i));
        return std::string(bytes == nullptr ? "" : bytes, size);
    }

    /// Runs a prepared statement to its end; returns its rows. `code` receives a constraint's code instead of a throw.
    std::vector<row> query(std::string const& text, std::vector<value> const& cells, int* code = nullptr) {
        struct running {
            sqlite3_stmt* statement;
            ~running() {
                sqlite3_reset(statement);
                sqlite3_clear_bindings(statement);
            }
        } const now{prepared(text)};
        bind(now.statement, cells);
        std::vector<row> out;
        int step = SQLITE_ROW;
        while ((step = sqlite3_step(now.statement)) == SQLITE_ROW) {
            auto& r = out.emplace_back();
            int const n = sqlite3_column_count(now.statement);
            r.reserve(static_cast<std::size_t>(n));
            for (int i = 0; i < n; ++i) r.push_back(cell(now.statement, i));
        }
        if (step == SQLITE_DONE) return out;
        if ((step & 0xff) != SQLITE_CONSTRAINT || code == nullptr) fail(step);
        *code = step;
        return out;
    }

    void open();
    void require_version();
    void add_columns(table const& t, std::vector<row> const& present);
};

KVT_DECL void sqlite::state::open() {
    bool const in_memory = path == ":memory:";
    if (mode != open_mode::create && !in_memory && !file_exists(path))
        throw error{error_kind::missing, path, "there is no such database", "`kvt prepare` first, or another db.path"};
    std::error_code status;
    auto const folder = std::filesystem::path{path}.parent_path();
    if (mode == open_mode::create && !in_memory && !folder.empty()) {
        std::filesystem::create_directories(folder, status);
        if (status)
            throw error{error_kind::io, folder.string(), "the folder cannot be made (" + status.message() + ")"};
    }
    int const flags =
        SQLITE_OPEN_NOMUTEX | (mode == open_mode::read_only  ? SQLITE_OPEN_READONLY
                               : mode == open_mode::existing ? SQLITE_OPEN_READWRITE
                                                             : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    int const code = sqlite3_open_v2(path.c_str(), &db, flags, nullptr);
    if (code != SQLITE_OK) {
        if (std::filesystem::is_directory(path, status))
            throw error{error_kind::io, path, "is a folder", "an SQLite file"};
        if (db == nullptr) throw error{error_kind::io, path, "cannot be opened"};
        fail(code);
    }
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, 10'000);
    execute("PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON");
    if (mode != open_mode::read_only && sqlite3_db_readonly(db, "main") == 1) fail(SQLITE_READONLY);
    if (mode != open_mode::read_only) execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    require_version();
}

KVT_DECL void sqlite::state::require_version() {
    if (query("SELECT 1 FROM sqlite_schema WHERE name = 'schema_version'", {}).empty()) return;
    auto const found = query("SELECT max(version) FROM schema_version", {});
    auto const* version = found.front().front().integer();
    if (version != nullptr && *version > schema_version)
        throw error{error_kind::mismatch, path,
                    "was written by a newer version (schema " + std::to_string(*version) + ")",
                    "schema " + std::to_string(schema_version) + " or older"};
}

KVT_DECL void sqlite::state::add_columns(table const& t, std::vector<row> const& present) {
    for (auto const& f : t.fields) {
        auto const column =
            std::find_if(present.begin(), present.end(), [&](row const& r) { return *r[1].text() == f.name; });
        if (column == present.end()) {
            execute(detail::sql_add_column(t, f));
            continue;
        }
        auto const wanted = std::string{name_of(column_type_of(f))};
        if (*(*column)[2].text() != wanted)
            throw error{error_kind::mismatch, path + ": table " + std::string{t.rules.name},
                        "column " + std::string{f.name} + " is of type " + *(*column)[2].text(), wanted};
    }
    std::string held, wanted;
    std::map<std::int64_t, std::string> in_key;
    for (auto const& r : present)
        if (*r[5].integer() > 0) in_key[*r[5].integer()] = *r[1].text();
    for (auto const& [place, column] : in_key) held += (held.empty() ? "" : ", ") + column;
    for (auto column : t.rules.primary) wanted += (wanted.empty() ? "" : ", ") + std::string{column};
    if (held != wanted)
        throw error{error_kind::mismatch, path + ": table " + std::string{t.rules.name},
                    "its primary key is (" + held + ")", "(" + wanted + "); a database of another program"};
}

KVT_DECL sqlite::sqlite(std::string path, open_mode mode) : state_{new state{std::move(path), mode}} {
    try {
        state_->open();
    } catch (...) {
        delete state_;
        throw;
    }
}
KVT_DECL sqlite::sqlite(sqlite&& other) noexcept : state_{std::exchange(other.state_, nullptr)} {}
KVT_DECL sqlite& sqlite::operator=(sqlite&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}
KVT_DECL sqlite::~sqlite() { delete state_; }

KVT_DECL void sqlite::create(table const& t) {
    auto& s = *state_;
    s.described[std::string{t.rules.name}] = &t;
    auto const present = s.query("SELECT * FROM pragma_table_info(?)", {std::string{t.rules.name}});
    if (s.mode == open_mode::read_only) {
        if (present.empty()) throw detail::no_table(t.rules.name);
        return;
    }
    transaction(*this, [&] {
        s.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT");
        s.execute("INSERT INTO schema_version SELECT " + std::to_string(schema_version) +
                  " WHERE NOT EXISTS (SELECT 1 FROM schema_version)");
        if (present.empty()) s.execute(detail::sql_create(t));
        else s.add_columns(t, present);
        for (auto const& text : detail::sql_indexes(t)) s.execute(text);
    });
}

/// Why SQLite refused a row: its own message names neither the key nor the missing row.
KVT_DECL void sqlite::refuse_row(table const& t, row const& cells, bool replacing) {
    if (auto broken = detail::broken_key(*this, t, cells, replacing)) throw *broken;
    for (auto const& ref : t.rules.references()) {
        auto const key = detail::matching(t, ref.to, ref.from, cells);
        std::vector<value> wanted;
        auto const text = "SELECT 1 FROM " + detail::quoted_name(ref.table) + detail::sql_where(key, wanted);
        if (!detail::any_null(key) && state_->query(text, wanted).empty()) throw detail::dangling(t, ref, key);
    }
    throw error{error_kind::mismatch, state_->path + ": table " + std::string{t.rules.name},
                "the row breaks a rule of the table"};
}

KVT_DECL void sqlite::insert(table const& t, row cells) {
    int code = SQLITE_OK;
    state_->query(state_->texts_of(t).insert, cells, &code);
    if (code != SQLITE_OK) refuse_row(t, cells, false);
}

KVT_DECL void sqlite::upsert(table const& t, row cells) {
    if (t.rules.primary.count == 0) throw detail::no_key(t);
    int code = SQLITE_OK;
    state_->query(state_->texts_of(t).upsert, cells, &code);
    if (code != SQLITE_OK) refuse_row(t, cells, true);
}

KVT_DECL std::vector<row> sqlite::select(table const& t, where const& match, order const& by, std::size_t limit,
                                         positions wanted) {
    std::vector<value> cells;
    auto const columns = wanted.empty() ? state_->texts_of(t).columns : detail::listed(detail::column_names(t, wanted));
    auto const text = detail::sql_select(t, columns, detail::checked(t, match), detail::checked(t, by), cells);
    cells.emplace_back(limit == no_limit ? std::int64_t{-1} : static_cast<std::int64_t>(limit));
    return state_->query(text, cells);
}

KVT_DECL std::size_t sqlite::count(table const& t, where const& match) {
    std::vector<value> cells;
    auto const text = "SELECT count(*) FROM " + detail::quoted_name(t.rules.name) +
                      detail::sql_where(detail::checked(t, match), cells);
    return static_cast<std::size_t>(*state_->query(text, cells).front().front().integer());
}

KVT_DECL std::size_t sqlite::erase(table const& t, where const& match) {
    std::vector<value> cells;
    auto const text =
        "DELETE FROM " + detail::quoted_name(t.rules.name) + detail::sql_where(detail::checked(t, match), cells);
    int code = SQLITE_OK;
    state_->query(text, cells, &code);
    if (code == SQLITE_OK) return static_cast<std::size_t>(sqlite3_changes64(state_->db));
    std::string by;
    for (auto const& [other, child] : state_->described)
        for (auto const& ref : child->rules.references())
            if (ref.table == t.rules.name && by.find(other) == by.npos &&
                count(*child, {{ref.from.names[0], selection{&t, std::string{ref.to.names[0]}, match}}}) > 0)
                by += (by.empty() ? "" : ", ") + other;
    throw detail::still_needed(t, match, by.empty() ? "another table" : by);
}

KVT_DECL void sqlite::begin() {
    auto& s = *state_;
    if (s.depth > 0) s.execute("SAVEPOINT kvt_" + std::to_string(s.depth));
    else s.query(s.mode == open_mode::read_only ? "BEGIN" : "BEGIN IMMEDIATE", {});
    ++s.depth;
}
KVT_DECL void sqlite::commit() {
    auto& s = *state_;
    if (s.depth == 0) throw detail::no_transaction();
    if (s.depth > 1) s.execute("RELEASE kvt_" + std::to_string(s.depth - 1));
    else s.query("COMMIT", {});
    --s.depth;
}
KVT_DECL void sqlite::rollback() {
    auto& s = *state_;
    if (s.depth == 0) throw detail::no_transaction();
    --s.depth;
    if (sqlite3_get_autocommit(s.db) != 0) return;  // SQLite ended it by itself, for instance on a full disk
    auto const point = "kvt_" + std::to_string(s.depth);
    if (s.depth > 0) s.execute("ROLLBACK TO " + point + "; RELEASE " + point);
    else s.query("ROLLBACK", {});
}

KVT_DECL std::vector<std::string> sqlite::tables() {
    std::vector<std::string> names;
    for (auto& r : state_->query(
             "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name", {}))
        names.push_back(*r.front().text());
    return names;
}

KVT_DECL std::vector<std::string> sqlite::check() {
    std::vector<std::string> problems;
    for (auto& r : state_->query("PRAGMA integrity_check(20)", {}))
        if (*r.front().text() != "ok") problems.push_back(state_->path + ": " + *r.front().text());
    for (auto& r : state_->query("PRAGMA foreign_key_check", {}))
        problems.push_back(state_->path + ": table " + *r[0].text() + ", row " + spelled(r[1]) +
                           ": refers to a row of " + *r[2].text() + " that is not there");
    return problems;
}

}  // namespace kvt::inline KVT_ABI::store
