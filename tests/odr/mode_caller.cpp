#include <kvt/core/error.hpp>

int describe(kvt::error const& e);
int main() { return describe({kvt::error_kind::work, "here", "nothing"}) == 1 ? 0 : 1; }
