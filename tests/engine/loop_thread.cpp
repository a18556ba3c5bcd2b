#include <doctest/doctest.h>

#include <kvt/engine/loop_thread.hpp>

TEST_CASE("a thread runs its function once and is joined") {
    int count = 0;
    {
        kvt::engine::loop_thread thread;
        CHECK_FALSE(thread.started());
        auto const body = [](void* p) { ++*static_cast<int*>(p); };
        thread.start(&count, body);
        CHECK(thread.started());
        thread.start(&count, body);  // runs already
        thread.join();
        CHECK(count == 1);
        thread.start(&count, body);
    }
    CHECK(count == 2);
}
