#include "../laws/store.hpp"

#include <kvt/core/text_file.hpp>
#include <kvt/store/sqlite.hpp>

#include <doctest/doctest.h>

#include <support/refusal.hpp>
#include <support/scratch_folder.hpp>

#include <sqlite3.h>

#include <csignal>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using kvt::store::open_mode;
using kvt::store::sqlite;

namespace {

void execute(std::string const& path, char const* text) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, text, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
}

std::string answer(std::string const& path, char const* text) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
    std::string out;
    auto const row = [](void* to, int n, char** cells, char**) {
        for (int i = 0; i < n; ++i)
            *static_cast<std::string*>(to) += std::string{cells[i] == nullptr ? "null" : cells[i]} + " ";
        return 0;
    };
    REQUIRE(sqlite3_exec(db, text, row, &out, nullptr) == SQLITE_OK);
    sqlite3_close(db);
    return out;
}

kvt::error refused(std::string const& path, open_mode mode = open_mode::create) {
    return error_of([&] { sqlite const store{path, mode}; }).value();
}

}  // namespace

TEST_CASE("sqlite keeps the laws of a store") {
    sqlite in_memory{":memory:"};
    laws::store_laws(in_memory);
    scratch_folder const here;
    sqlite on_disk{here / "a/b/laws.sqlite"};
    laws::store_laws(on_disk);
}

TEST_CASE("sqlite keeps rows between openings, in a write-ahead log with strict tables") {
    scratch_folder const here;
    auto const path = here / "kept.sqlite";
    {
        sqlite store{path};
        kvt::store::create_tables<laws::parent, laws::child>(store);
        kvt::store::insert(store, laws::sample("g", 1));
    }
    sqlite store{path, open_mode::existing};
    CHECK(kvt::store::count<laws::parent>(store) == 1);
    CHECK(answer(path, "PRAGMA journal_mode") == "wal ");
    CHECK(answer(path, "SELECT version FROM schema_version") == "1 ");
    CHECK(answer(path, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%) STRICT'") == "3 ");
    CHECK(store.tables() == std::vector<std::string>{"children", "parents", "schema_version"});
}

TEST_CASE("a committed outcome survives a killed process") {
    scratch_folder const here;
    auto const path = here / "killed.sqlite";
    {
        sqlite store{path};
        kvt::store::create_tables<laws::remark>(store);
    }
    auto const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        sqlite store{path};
        kvt::store::transaction(store, [&] { kvt::store::insert(store, laws::remark{"committed", 1}); });
        store.begin();
        kvt::store::insert(store, laws::remark{"under way", 2});
        ::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    sqlite store{path, open_mode::existing};
    auto const rows = kvt::store::select<laws::remark>(store);
    REQUIRE(rows.size() == 1);
    CHECK(rows.front().text == "committed");
    CHECK(store.check().empty());
}

TEST_CASE("sqlite adds the columns an older file lacks") {
    scratch_folder const here;
    auto const path = here / "older.sqlite";
    execute(
        path,
        "CREATE TABLE children (id TEXT PRIMARY KEY, parent_group TEXT); INSERT INTO children VALUES ('old', NULL)");
    sqlite store{path};
    kvt::store::create_tables<laws::parent, laws::child>(store);
    auto const old = kvt::store::first<laws::child>(store, {{"id", "old"}});
    REQUIRE(old);
    CHECK(old->place == 0);
    CHECK(!old->code);
    kvt::store::insert(store, laws::child{"new", {}, {}, 3, "c"});
    CHECK(holds(refusal([&] { kvt::store::insert(store, laws::child{"n2", {}, {}, 3, "c"}); }), "code = \"c\""));
}

TEST_CASE("older rows read back with defaults in columns of every kind") {
    scratch_folder const here;
    auto const path = here / "older.sqlite";
    execute(path,
            "CREATE TABLE parents (\"group\" TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (\"group\", number));"
            "INSERT INTO parents VALUES ('g', 1)");
    sqlite store{path};
    kvt::store::create_tables<laws::parent>(store);
    auto const old = kvt::store::first<laws::parent>(store);
    REQUIRE(old);
    CHECK(kvt::to_json(*old) == kvt::to_json(laws::sample("g", 1)));
}

TEST_CASE("sqlite refuses tables that are not ours") {
    scratch_folder const here;
    auto const path = here / "other.sqlite";
    execute(
        path,
        "CREATE TABLE children (id TEXT, place TEXT, PRIMARY KEY (id, place)); CREATE TABLE remarks (n INTEGER PRIMARY KEY)");
    sqlite store{path};
    auto const type = refusal([&] { store.create(kvt::store::table_of<laws::child>()); });
    CHECK(holds(type, path + ": table children: column place is of type TEXT; expected INTEGER"));
    auto const key = refusal([&] { store.create(kvt::store::table_of<laws::remark>()); });
    CHECK(holds(key, "its primary key is (n)"));
    CHECK(answer(path, "SELECT count(*) FROM pragma_table_info('children')") == "2 ");
}

TEST_CASE("sqlite names the file it cannot use and why") {
    scratch_folder const here;
    kvt::write_file(here / "text.sqlite", std::string(5000, 'x'));
    CHECK(refused(here / "text.sqlite").kind() == kvt::error_kind::malformed);
    CHECK(refused(here / "text.sqlite").what() == here / "text.sqlite: is not a database; expected an SQLite file");
    CHECK(holds(refused(here.path).what(), here.path + ": is a folder"));
    CHECK(refused(here / "none.sqlite", open_mode::existing).kind() == kvt::error_kind::missing);
    CHECK(refused(here / "none.sqlite", open_mode::read_only).kind() == kvt::error_kind::missing);
    CHECK(!kvt::file_exists(here / "none.sqlite"));
    CHECK(holds(refused(here / "text.sqlite/x/y.sqlite").what(), "the folder cannot be made"));
    {
        sqlite store{here / "newer.sqlite"};
        kvt::store::create_tables<laws::remark>(store);
    }
    execute(here / "newer.sqlite", "UPDATE schema_version SET version = 99");
    CHECK(refused(here / "newer.sqlite").kind() == kvt::error_kind::mismatch);
    CHECK(holds(refused(here / "newer.sqlite").what(), "newer version (schema 99); expected schema 1 or older"));
}

TEST_CASE("sqlite refuses a folder and a file that cannot be written") {
    scratch_folder const here;
    {
        sqlite store{here / "locked.sqlite"};
        kvt::store::create_tables<laws::remark>(store);
    }
    ::chmod((here / "locked.sqlite").c_str(), 0444);
    ::chmod(here.path.c_str(), 0555);
    bool const root = ::geteuid() == 0;
    if (root) REQUIRE(::seteuid(65534) == 0);  // root may write everywhere
    auto const folder_says = refused(here / "new.sqlite");
    auto const file_says = refused(here / "locked.sqlite");
    if (root) REQUIRE(::seteuid(0) == 0);
    ::chmod(here.path.c_str(), 0755);
    CHECK(folder_says.kind() == kvt::error_kind::io);
    CHECK(holds(folder_says.what(),
                here / "new.sqlite: cannot be opened; expected a readable file in a writable folder"));
    CHECK(holds(file_says.what(), here / "locked.sqlite: cannot be written"));
}

TEST_CASE("a read-only store refuses every change") {
    scratch_folder const here;
    auto const path = here / "read.sqlite";
    sqlite writer{path};
    kvt::store::create_tables<laws::remark>(writer);
    kvt::store::insert(writer, laws::remark{"r", 1});
    sqlite reader{path, open_mode::read_only};
    kvt::store::create_tables<laws::remark>(reader);
    CHECK(kvt::store::count<laws::remark>(reader) == 1);
    CHECK(holds(refusal([&] { kvt::store::insert(reader, laws::remark{"s", 1}); }), path + ": cannot be written"));
    CHECK(holds(refusal([&] { kvt::store::create_tables<laws::child>(reader); }), "table children"));
}

TEST_CASE("check finds what was damaged behind the store's back") {
    scratch_folder const here;
    auto const path = here / "broken.sqlite";
    sqlite store{path};
    kvt::store::create_tables<laws::parent, laws::child>(store);
    execute(path, "PRAGMA foreign_keys = OFF; INSERT INTO children VALUES ('c', 'nobody', 1, 0, NULL)");
    auto const problems = store.check();
    REQUIRE(problems.size() == 1);
    CHECK(holds(problems.front(), "table children"));
    CHECK(holds(problems.front(), "row of parents"));
}

TEST_CASE("damaged bytes end in one clear line, never in a crash") {
    scratch_folder const here;
    auto const path = here / "bytes.sqlite";
    {
        sqlite store{path};
        kvt::store::create_tables<laws::parent, laws::child, laws::remark>(store);
        for (int i = 0; i < 200; ++i) kvt::store::insert(store, laws::remark{std::string(100, 'r'), i});
    }
    auto const whole = kvt::read_file(path);
    std::uint64_t state = 7;
    int named = 0;
    for (int round = 0; round < 60; ++round) {
        auto bytes = whole;
        for (int k = 0; k < 40; ++k) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            bytes[(state >> 20) % bytes.size()] = static_cast<char>(state >> 56);
        }
        auto const broken = here / ("b" + std::to_string(round) + ".sqlite");
        kvt::write_file(broken, bytes);
        auto const said = refusal([&] {
            sqlite store{broken};
            kvt::store::create_tables<laws::parent, laws::child, laws::remark>(store);
            static_cast<void>(kvt::store::select<laws::remark>(store));
            if (!store.check().empty()) throw kvt::error{kvt::error_kind::malformed, broken, "damaged"};
        });
        if (said.empty()) continue;
        ++named;
        CHECK(said.find('\n') == said.npos);
    }
    CHECK(named > 30);
}
