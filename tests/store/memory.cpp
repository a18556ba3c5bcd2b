#include "../laws/store.hpp"

#include <kvt/store/memory.hpp>

#include <doctest/doctest.h>

TEST_CASE("memory keeps the laws of a store") {
    kvt::store::memory store;
    laws::store_laws(store);
}

TEST_CASE("memory takes back a table made in a transaction") {
    kvt::store::memory store;
    CHECK_THROWS(kvt::store::transaction(store, [&] {
        kvt::store::create_tables<laws::remark>(store);
        throw 1;
    }));
    CHECK(store.tables().empty());
}

TEST_CASE("memory refuses to end a transaction that never began") {
    kvt::store::memory store;
    CHECK_THROWS_AS(store.commit(), kvt::error);
    CHECK_THROWS_AS(store.rollback(), kvt::error);
}
