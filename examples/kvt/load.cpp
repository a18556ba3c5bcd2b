// trace load: a load of known shape, sent to a server at its times.
#include "commands.hpp"
#include "lab.hpp"

#include <kvt/core/csv.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/engine/language_model.hpp>
#include <kvt/engine/openai.hpp>
#include <kvt/exec/executor.hpp>
#include <kvt/trace/request.hpp>
#include <kvt/trace/simulate.hpp>

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>

namespace cli {

namespace trace = kvt::trace;

namespace {

/// Bursts at random times (exponential gaps), lengths uniform in their ranges.
std::vector<trace::request> drawn_load(trace_options const& t) {
    auto const ordered = [](std::vector<std::int64_t> const& range, char const* name, std::int64_t least) {
        if (range.size() != 2 || range[0] < least || range[1] < range[0])
            throw kvt::error{kvt::error_kind::usage, name, "a range that is none", "least,most"};
    };
    ordered(t.prompt_range, "--prompt-tokens", 1);
    ordered(t.answer_range, "--answer-tokens", 1);
    if (!(t.gap >= 0) || !std::isfinite(t.gap))
        throw kvt::error{kvt::error_kind::usage, "--gap", kvt::shortest(t.gap), "seconds, at least 0"};
    kvt::random_stream draw{t.load_seed, "trace load"};
    auto const in = [&](std::vector<std::int64_t> const& range) {
        return range[0] + static_cast<std::int64_t>(draw.below(static_cast<std::uint64_t>(range[1] - range[0] + 1)));
    };
    std::vector<trace::request> out;
    double now = 0;
    for (std::int64_t b = 0; b < t.bursts; ++b) {
        for (std::int64_t i = 0; i < t.burst_size; ++i)
            out.push_back({"q" + std::to_string(out.size()), now, in(t.prompt_range), in(t.answer_range)});
        now -= t.gap * std::log(1 - draw.unit());
    }
    return out;
}

std::vector<trace::request> load_of(trace_options const& t) {
    auto out = t.file.empty() ? drawn_load(t) : trace::read_requests(t.file);
    out = trace::at_speed(out, t.speeds.at(0));
    std::ranges::stable_sort(out, {}, &trace::request::arrival);
    if (t.first && *t.first < static_cast<std::int64_t>(out.size())) out.resize(static_cast<std::size_t>(*t.first));
    if (out.empty()) throw trace::trace_error{trace::fault::bad_request, "no requests"};
    return out;
}

/// Prompts of a model's words.
class prompt_maker {
  public:
    /// Throws where the words are not read back as they are written.
    prompt_maker(kvt::model::word_tokenizer words, std::string const& folder) : words_{std::move(words)} {
        opening_ = static_cast<std::int64_t>(words_.encode("").size());  // a begin-of-sequence token
        for (std::int32_t id = 0; id < words_.size(); ++id) {
            std::vector<std::int32_t> const one{id};
            usable_.push_back(id != words_.unknown() &&
                              words_.encode(words_.decode(one), kvt::model::text_place::continuation) == one);
        }
        if (std::ranges::count(usable_, true) == 0)
            throw kvt::error{kvt::error_kind::usage, folder, "its tokenizer reads back none of the words it writes",
                             "a model whose prompts can be made of words"};
    }

    /// A prompt of exactly so many tokens.
    [[nodiscard]] std::string operator()(trace::request const& r, kvt::random_stream draw) const {
        auto const refuse = [&](std::string const& expected) {
            throw kvt::error{kvt::error_kind::usage, r.request_id,
                             "no prompt of " + std::to_string(r.prompt_tokens) + " tokens can be made", expected};
        };
        if (r.prompt_tokens <= opening_)
            refuse("at least " + std::to_string(opening_ + 1) + ", the begin-of-sequence token among them");
        std::vector<std::int32_t> ids;
        while (static_cast<std::int64_t>(ids.size()) < r.prompt_tokens - opening_) {
            auto const id = draw.below(static_cast<std::uint64_t>(words_.size()));
            if (usable_[id]) ids.push_back(static_cast<std::int32_t>(id));
        }
        auto text = words_.decode(ids);
        if (static_cast<std::int64_t>(words_.encode(text).size()) != r.prompt_tokens)
            refuse("a tokenizer that reads back what it writes");
        return text;
    }

  private:
    kvt::model::word_tokenizer words_;
    std::int64_t opening_ = 0;
    std::vector<bool> usable_;
};

struct tally {
    std::mutex guard{};
    std::size_t answered = 0, failed = 0;
    std::int64_t prompt_tokens = 0, answer_tokens = 0;
    double worst_lag = 0;
    std::string example{};

    void add(kvt::engine::outcome const& o, double lag) {
        std::lock_guard const lock{guard};
        worst_lag = std::max(worst_lag, lag);
        if (auto const* bad = std::get_if<kvt::engine::failure>(&o)) {
            if (failed++ == 0) example = bad->message;
            return;
        }
        auto const& usage = std::get<kvt::engine::response>(o).usage;
        ++answered;
        prompt_tokens += usage.prompt_tokens.value_or(0), answer_tokens += usage.completion_tokens.value_or(0);
    }
};

}  // namespace

int trace_load(options const& o) {
    auto const& t = o.trace;
    kvt::config::paths const paths{kvt::config::find_root(o.root)};
    auto const folder = o.model_dir.empty() ? "config/models/recall" : o.model_dir;
    prompt_maker const prompt_of{folder == "constructed"
                                     ? kvt::engine::constructed_model().tokenizer
                                     : kvt::model::word_tokenizer::load(shipped(paths, folder) + "/tokenizer.json"),
                                 folder};
    auto const load = load_of(t);
    kvt::engine::openai server;
    server.base_url = t.url, server.api_key_env.clear(), server.endpoint = kvt::engine::api::completions;
    server.kv_transport = kvt::engine::kv_transport::none;  // no receipts: the load is to cost the client little
    std::vector<std::string> prompts;
    for (std::size_t i = 0; i < load.size(); ++i)
        prompts.push_back(prompt_of(load[i], {t.load_seed, "prompt|" + std::to_string(i)}));
    kvt::run_context ctx;
    tally counted;
    double const start = ctx.seconds(), first = load.front().arrival;
    kvt::exec::thread_executor const connections{
        std::min<std::int64_t>(t.connections, static_cast<std::int64_t>(load.size()))};
    connections.parallel_for(load.size(), [&](std::size_t i) {
        auto const& one = load[i];
        kvt::engine::request r;
        r.id = one.request_id, r.endpoint = kvt::engine::api::completions;
        r.prompt = prompts[i];
        r.max_tokens = std::max<std::int64_t>(one.generated_tokens, 1);
        r.extra_body = kvt::json::of({{"ignore_eos", true}});
        double const due = start + one.arrival - first;
        if (double const early = due - ctx.seconds(); early > 0) ctx.sleep(early);
        double const lag = ctx.seconds() - due;
        counted.add(server.generate(ctx, r), lag);
    });
    double const seconds = ctx.seconds() - start;
    if (!t.output.empty()) {
        kvt::write_file(t.output, kvt::to_csv<trace::request>(load));
        fmt::print(stderr, "wrote {}\n", t.output);
    }
    auto const facts = kvt::json::of({{"requests", load.size()},
                                      {"answered", counted.answered},
                                      {"failed", counted.failed},
                                      {"prompt_tokens", counted.prompt_tokens},
                                      {"answer_tokens", counted.answer_tokens},
                                      {"seconds", seconds},
                                      {"worst_lag_seconds", counted.worst_lag}});
    if (o.json) fmt::print("{}\n", kvt::dump(facts, kvt::json_style::pretty));
    else
        fmt::print(
            "{} requests in {:.2f} s: {} answered, {} failed; {} prompt and {} answer tokens; none sent more than "
            "{:.3f} s late\n",
            load.size(), seconds, counted.answered, counted.failed, counted.prompt_tokens, counted.answer_tokens,
            counted.worst_lag);
    if (counted.failed > 0)
        fmt::print(stderr, "kvt: {} requests failed, for instance: {}\n", counted.failed, counted.example);
    return counted.failed > 0 ? 1 : 0;
}

}  // namespace cli
