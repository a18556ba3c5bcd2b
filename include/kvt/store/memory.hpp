// memory: the store without a file; the trivial model, for tests and for experiments nobody keeps.
#pragma once

#include <kvt/store/session.hpp>

namespace kvt::inline KVT_ABI::store {

/// Keeps the rules of every table as SQLite does. When to use: tests, and results that need not outlive the process.
class memory {
  public:
    using service = session;
    static constexpr std::string_view name = "memory";

    memory();
    memory(memory&& other) noexcept;
    memory& operator=(memory&& other) noexcept;
    ~memory();

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
    struct state;
    state* state_;
};

}  // namespace kvt::inline KVT_ABI::store

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/store/detail/memory.ipp>
#endif
