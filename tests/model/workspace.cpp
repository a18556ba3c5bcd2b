#include <kvt/model/workspace.hpp>

#include <doctest/doctest.h>

using kvt::model::workspace;

TEST_CASE("room grows by doubling and then stays") {
    workspace ws;
    auto* const first = workspace::room(ws.q, 100);
    CHECK(workspace::room(ws.q, 50) == first);
    workspace::room(ws.q, 101);
    CHECK(ws.q.size() == 200);
    workspace::room(ws.q, 1000);
    CHECK(ws.q.size() == 1000);
}
