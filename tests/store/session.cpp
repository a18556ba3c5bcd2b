#include "../laws/store.hpp"

#include <kvt/core/context.hpp>
#include <kvt/store/memory.hpp>
#include <kvt/store/sqlite.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using kvt::store::session;

TEST_CASE("a session keeps the laws of the store it holds") {
    session over_memory{kvt::store::memory{}};
    laws::store_laws(over_memory);
    session over_sqlite{kvt::store::sqlite{":memory:"}};
    laws::store_laws(over_sqlite);
}

TEST_CASE("stages find the store as a session") {
    kvt::run_context context{kvt::store::memory{}};
    auto& store = context.get<session>("a store");
    kvt::store::create_tables<laws::remark>(store);
    kvt::store::insert(store, laws::remark{"kept", 1});
    CHECK(kvt::store::count<laws::remark>(context.get<session>()) == 1);
}

template <class Store> void serialised(Store store) {
    session shared{std::move(store)};
    kvt::store::create_tables<laws::remark, laws::parent, laws::child>(shared);
    kvt::store::insert(shared, laws::remark{"sum", 0});
    constexpr int rounds = 200;
    std::atomic<int> refused{0};
    auto const work = [&](int thread) {
        for (int i = 0; i < rounds; ++i) {
            try {
                kvt::store::transaction(shared, [&] {  // read, change, write: lost without the lock
                    auto row = *kvt::store::first<laws::remark>(shared);
                    kvt::store::erase<laws::remark>(shared);
                    ++row.n;
                    kvt::store::insert(shared, row);
                    if (i % 10 == 3) throw 1;
                });
            } catch (int) {
                ++refused;
            }
            kvt::store::insert(shared, laws::child{std::to_string(thread) + "/" + std::to_string(i), {}, {}, 0, {}});
        }
    };
    std::thread one{work, 1}, two{work, 2};
    one.join(), two.join();
    CHECK(refused == 2 * rounds / 10);
    CHECK(kvt::store::first<laws::remark>(shared)->n == 2 * rounds - refused);
    CHECK(kvt::store::count<laws::child>(shared) == 2 * rounds);
}

TEST_CASE("two threads on one session follow one another") {
    serialised(kvt::store::memory{});
    serialised(kvt::store::sqlite{":memory:"});
}

TEST_CASE("a session moves") {
    session first{kvt::store::memory{}};
    kvt::store::create_tables<laws::remark>(first);
    session second{std::move(first)};
    CHECK(kvt::store::has_table<laws::remark>(second));
    session third{kvt::store::memory{}};
    third = std::move(second);
    CHECK(kvt::store::has_table<laws::remark>(third));
}
