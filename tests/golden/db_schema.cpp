// Golden structure of the database (spec H): every table, column, key, reference and index of the reference is there.
#include "replay.hpp"

#include "../support/scratch_folder.hpp"

#include <kvt/harness/schema.hpp>
#include <kvt/store/sqlite.hpp>

#include <sqlite3.h>

#include <map>
#include <memory>
#include <set>

namespace {

using golden::verdict;
using kvt::json;
namespace harness = kvt::harness;

/// What SQLite itself says about a file.
class witness {
  public:
    explicit witness(std::string const& path) {
        sqlite3* db = nullptr;
        sqlite3_open(path.c_str(), &db);
        db_.reset(db);
    }
    [[nodiscard]] std::vector<std::vector<std::string>> ask(std::string const& text) const {
        std::vector<std::vector<std::string>> rows;
        auto const add = [](void* to, int n, char** cells, char**) {
            auto& row = static_cast<std::vector<std::vector<std::string>>*>(to)->emplace_back();
            for (int i = 0; i < n; ++i) row.emplace_back(cells[i] == nullptr ? "" : cells[i]);
            return 0;
        };
        if (sqlite3_exec(db_.get(), text.c_str(), add, &rows, nullptr) != SQLITE_OK)
            throw kvt::error{kvt::error_kind::work, text, sqlite3_errmsg(db_.get())};
        return rows;
    }

  private:
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> db_{nullptr, &sqlite3_close};
};

/// Where kvt departs from the reference on purpose (docs/decisions.md, "The database").
std::map<std::string, std::vector<std::string>> const own_keys{{"examples", {"dataset_id", "example_id"}},
                                                               {"transition_summary", {"exp_group_id", "kv_policy"}}};

std::string column_difference(witness const& db, json const& table) {
    auto const& name = table.at("table").text();
    std::map<std::string, std::vector<std::string>> columns;  // by name: cid, name, type, notnull, default, pk
    for (auto& row : db.ask("PRAGMA table_info(\"" + name + "\")")) columns[row[1]] = row;
    for (auto const& wanted : table.at("columns").items()) {
        auto const& column = wanted.at("name").text();
        auto const found = columns.find(column);
        if (found == columns.end()) return name + "." + column + " is missing";
        auto const& has = found->second;
        if (has[2] != wanted.at("type").text()) return name + "." + column + " is of type " + has[2];
        std::int64_t position = wanted.at("pk_position").integer();
        if (auto const own = own_keys.find(name); own != own_keys.end()) {
            position = 0;
            for (std::size_t i = 0; i < own->second.size(); ++i)
                if (own->second[i] == column) position = static_cast<std::int64_t>(i) + 1;
        }
        if (std::stoll(has[5]) != position) return name + "." + column + " has key position " + has[5];
        bool const not_null = wanted.at("not_null").boolean() || position > 0;  // a key is never null in a STRICT table
        if ((has[3] == "1") != not_null) return name + "." + column + " has not-null " + has[3];
    }
    return {};
}

std::string reference_difference(witness const& db, json const& table) {
    auto const& name = table.at("table").text();
    std::set<std::string> found;
    for (auto const& row : db.ask("PRAGMA foreign_key_list(\"" + name + "\")"))
        found.insert(row[3] + " -> " + row[2] + "(" + row[4] + ")");
    for (auto const& wanted : table.at("foreign_keys").items()) {
        auto const text = wanted.at("column").text() + " -> " + wanted.at("references").text();
        if (!found.contains(text)) return name + ": no reference " + text;
    }
    return {};
}

std::string index_difference(witness const& db, json const& indexes) {
    for (auto const& wanted : indexes.items()) {
        std::string columns, have;
        for (auto const& column : wanted.at("columns").items()) columns += column.text() + " ";
        for (auto const& row : db.ask("PRAGMA index_info(\"" + wanted.at("name").text() + "\")")) have += row[2] + " ";
        if (have != columns) return "index " + wanted.at("name").text() + " is over (" + have + ")";
    }
    return {};
}

std::string pragma_difference(witness const& db, json const& pragmas) {
    if (db.ask("PRAGMA journal_mode")[0][0] != pragmas.at("journal_mode").text()) return "the journal mode differs";
    for (auto const& row : db.ask("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%) STRICT'"))
        return "table " + row[0] + " is not STRICT";
    return {};
}

golden::suite const structure{"db_schema", "", [](json const& document, golden::file const&) {
                                  scratch_folder const folder;
                                  kvt::store::sqlite store{folder / "kv_transition.sqlite"};
                                  harness::create_all(store);
                                  witness const db{folder / "kv_transition.sqlite"};
                                  for (auto const& table : document.at("tables").items()) {
                                      if (auto found = column_difference(db, table); !found.empty())
                                          return verdict::fail(found);
                                      if (auto found = reference_difference(db, table); !found.empty())
                                          return verdict::fail(found);
                                  }
                                  if (auto found = index_difference(db, document.at("indexes")); !found.empty())
                                      return verdict::fail(found);
                                  return verdict::fail(pragma_difference(db, document.at("pragmas")));
                              }};

}  // namespace
