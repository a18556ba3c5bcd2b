// A table's rule that names a column which is no field of its record is refused where the table is declared.
// expect: kvt: a rule of this table names a column that is not a field of its record
#include <kvt/store/table.hpp>

namespace lab {

struct run {
    std::string run_id;
    double budget = 1;
};
KVT_RECORD(run, run_id, budget);

#if ACCEPT
KVT_TABLE(run, "runs", .key("run_id").indexed("by_budget", "budget"));
#else
KVT_TABLE(run, "runs", .key("run_id").indexed("by_budget", "buget"));
#endif

}  // namespace lab

static_assert(kvt::store::stored<lab::run>);
