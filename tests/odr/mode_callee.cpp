#include <kvt/core/error.hpp>

int describe(kvt::error const& e);
int describe(kvt::error const& e) { return e.exit_code(); }
