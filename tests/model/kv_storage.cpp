#include "laws/kv_storage.hpp"

TEST_CASE("plain storage keeps the laws of a KV storage") {
    kvt::model::plain_storage storage{3, 2};
    laws::kv_storage(storage, 3, 2, 6);
    CHECK(storage.positions(1, 1)[2] == 14);
    storage.clear();
    laws::kv_storage(storage, 3, 2, 6);
}
