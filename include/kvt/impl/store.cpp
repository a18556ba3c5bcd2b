// The store folder's definitions, compiled once into kvt::compiled.
#include <kvt/store/detail/memory.ipp>
#include <kvt/store/detail/rules.ipp>
#include <kvt/store/detail/session.ipp>
#include <kvt/store/detail/sql.ipp>
#include <kvt/store/detail/sqlite.ipp>
#include <kvt/store/detail/table.ipp>
#include <kvt/store/detail/value.ipp>
#include <kvt/store/detail/where.ipp>
