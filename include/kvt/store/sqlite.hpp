// sqlite: the store in one SQLite file, the source of truth of an experiment.
#pragma once

#include <kvt/store/session.hpp>

namespace kvt::inline KVT_ABI::store {

/// The layout this library writes; a file with a larger number is refused.
inline constexpr std::int64_t schema_version = 1;

/// `create`: makes the file and its folder where they are missing. `existing`: refuses a missing file.
/// `read_only`: as existing, and refuses every change.
enum class open_mode : std::uint8_t { create, existing, read_only };
KVT_CHOICE(open_mode, "create", "existing", "read_only");

/// One SQLite file: write-ahead log, foreign keys checked, synchronous NORMAL, STRICT tables, ten seconds of patience
/// with other writers. A committed transaction survives the end of the process at any moment.
/// Opening throws `error{missing}` (no such file), `error{io}` (cannot be made, opened or written), `error{malformed}`
/// (not a database, or damaged) or `error{mismatch}` (written by a newer version), naming the file.
class sqlite {
  public:
    using service = session;
    static constexpr std::string_view name = "sqlite";

    explicit sqlite(std::string path, open_mode mode = open_mode::create);
    sqlite(sqlite&& other) noexcept;
    sqlite& operator=(sqlite&& other) noexcept;
    ~sqlite();

    void create(table const& t);
    void insert(table const& t, row cells);
    void upsert(table const& t, row cells);
    [[nodiscard]] std::vector<row> select(table const& t, where const& match, order const& by, std::size_t limit,
                                          positions wanted = {});
    [[nodiscard]] std::size_t count(table const& t, where const& match);
    std::size_t erase(table const& t, where const& match);
    void begin();
    void commit();
    void rollback();
    [[nodiscard]] std::vector<std::string> tables();
    [[nodiscard]] std::vector<std::string> check();

  private:
    [[noreturn]] void refuse_row(table const& t, row const& cells, bool replacing);
    struct state;
    state* state_;
};

}  // namespace kvt::inline KVT_ABI::store

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/store/detail/sqlite.ipp>
#endif
