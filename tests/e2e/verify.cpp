// verify names the row when one byte of one receipt is changed.
#include "process.hpp"

#include <kvt/harness/schema.hpp>
#include <kvt/store/sqlite.hpp>

#include <doctest/doctest.h>

using namespace e2e;

TEST_CASE("a flipped byte of a receipt is found and named") {
    workplace place;
    spit(place / "c.yaml", small_experiment("bytes"));
    auto const done = e2e::kvt(place, {"all", "-c", "c.yaml", "-q"});
    REQUIRE_MESSAGE(done.code == 0, done.err);
    REQUIRE(e2e::kvt(place, {"verify", "runs/bytes"}).code == 0);

    auto const database = (place / "runs/bytes/kv_transition.sqlite").string();
    auto const rows = [&] {
        ::kvt::store::sqlite db{database, ::kvt::store::open_mode::existing};
        return ::kvt::store::select<::kvt::harness::receipt_row>(db);
    }();
    REQUIRE(rows.size() == 12 * 5);
    std::mt19937 draw{5};
    for (int i = 0; i < 6; ++i) {
        auto row = rows[draw() % rows.size()];
        auto const original = row;
        row.receipt_json[draw() % row.receipt_json.size()] ^= 1;
        {
            ::kvt::store::sqlite db{database, ::kvt::store::open_mode::existing};
            ::kvt::store::upsert(db, row);
        }
        auto const r = e2e::kvt(place, {"verify", "runs/bytes"});
        CHECK(r.code == 1);
        CHECK_MESSAGE((r.out + r.err).find(row.request_id) != std::string::npos, r.out, r.err);
        ::kvt::store::sqlite db{database, ::kvt::store::open_mode::existing};
        ::kvt::store::upsert(db, original);
    }
    CHECK(e2e::kvt(place, {"verify", "runs/bytes"}).code == 0);
}
