// The core folder's definitions, compiled once into kvt::compiled.
#include <kvt/core/detail/append_file.ipp>
#include <kvt/core/detail/context.ipp>
#include <kvt/core/detail/csv.ipp>
#include <kvt/core/detail/error.ipp>
#include <kvt/core/detail/format_number.ipp>
#include <kvt/core/detail/hash.ipp>
#include <kvt/core/detail/json.ipp>
#include <kvt/core/detail/lenient_number.ipp>
#include <kvt/core/detail/lines.ipp>
#include <kvt/core/detail/printable.ipp>
#include <kvt/core/detail/progress.ipp>
#include <kvt/core/detail/run_log.ipp>
#include <kvt/core/detail/text_file.ipp>
#include <kvt/core/detail/trim.ipp>
#include <kvt/core/detail/whole_file.ipp>
