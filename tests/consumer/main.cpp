#include <kvt/kvt.hpp>

#include <cstdio>

struct point { double x = 0, y = 0; };
KVT_RECORD(point, x, y);

int main() {
    auto const p = kvt::from_json<point>(kvt::parse_json(R"({"x": 1, "y": 2.5})"));
    std::printf("kvt " KVT_VERSION ": %s\n", kvt::dump(kvt::to_json(p)).c_str());
}
