// prefill_store: finished prefills, so that a sweep over policies and budgets runs each prompt once.
#pragma once

#include <kvt/cache/kv_cache.hpp>
#include <kvt/cache/observation.hpp>
#include <kvt/core/function_view.hpp>

#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace kvt::inline KVT_ABI::engine {

/// A prompt run through with the full cache: the same for every policy and budget, which only then begin to matter.
struct prefill {
    cache::kv_cache cache;
    cache::observation seen;
    std::vector<float> logits;  ///< of the last token
    double seconds = 0;         ///< what it took

    [[nodiscard]] std::int64_t bytes() const {
        return cache.bytes() + seen.bytes() + static_cast<std::int64_t>(logits.size() * sizeof(float));
    }
};

/// Keeps prefills within a limit of bytes. They are the instrument's memory, not the requests': a request's cache is copied
/// out of a prefill, so whether one was found here changes no bit of an answer or a receipt.
///
/// A sweep asks for all prompts over and over in one order, so when there is no room the ones that are here stay and the new
/// one is not kept; what nobody asked for during the last `patience` lookups a kept prefill makes room.
/// Safe to use from several threads.
class prefill_store {
    struct work;

  public:
    explicit prefill_store(std::int64_t limit_bytes) : limit_{limit_bytes} {}

    static constexpr std::size_t patience = 16;

    /// The duty to make one prefill, on which others may wait; whoever lets go of it without a result leaves it to them.
    class claim {
      public:
        claim() = default;
        claim(claim&& other) noexcept { swap(other); }
        claim& operator=(claim other) noexcept { return swap(other), *this; }
        ~claim() { finish(nullptr); }

        explicit operator bool() const { return store_ != nullptr; }
        /// Keeps the prefill where there is room, and hands it to those who wait.
        void finish(std::shared_ptr<prefill const> value);

      private:
        friend prefill_store;
        void swap(claim& other) noexcept {
            std::swap(store_, other.store_), std::swap(key_, other.key_), std::swap(own_, other.own_);
        }
        prefill_store* store_ = nullptr;
        std::string key_;
        std::shared_ptr<work> own_;
    };
    /// A prefill, or the duty to make it, or neither.
    struct found_or_claimed {
        std::shared_ptr<prefill const> value;
        claim mine;
    };
    /// The prefill of the key that has observed what is needed, kept or made by somebody else just now; else it is the
    /// caller's to make. `go_on` is asked every few milliseconds while others make it; false ends the wait with neither.
    [[nodiscard]] found_or_claimed find_or_claim(std::string const& key, cache::observation_needs needs,
                                                 function_view<bool()> go_on);

    /// The prefill kept under the key, if it has observed what is needed; else null.
    [[nodiscard]] std::shared_ptr<prefill const> find(std::string const& key, cache::observation_needs needs);
    /// Keeps a prefill if there is room, in place of an older one of the same key.
    void keep(std::string const& key, std::shared_ptr<prefill const> value);

    [[nodiscard]] std::int64_t bytes() const;
    [[nodiscard]] std::size_t size() const;

  private:
    struct entry {
        std::string key;
        std::shared_ptr<prefill const> value;
        std::int64_t bytes;
        std::size_t last_use;  ///< the number of the lookup
    };
    /// One that is being made.
    struct work {
        std::shared_ptr<prefill const> value;
        bool done = false;
    };
    void drop(std::list<entry>::iterator which);

    mutable std::mutex guard_;
    std::condition_variable work_done_;
    std::unordered_map<std::string, std::shared_ptr<work>> under_way_;
    std::list<entry> entries_;  ///< most recently used first
    std::unordered_map<std::string, std::list<entry>::iterator> by_key_;
    std::size_t lookups_ = 0;
    std::int64_t limit_, bytes_ = 0;
};

}  // namespace kvt::inline KVT_ABI::engine

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/engine/detail/prefill_store.ipp>
#endif
