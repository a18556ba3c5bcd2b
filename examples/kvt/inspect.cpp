// list, sample, verify, compare, clean: looking at what is there, and taking it away.
#include "commands.hpp"
#include "lab.hpp"

#include <kvt/analysis/detectors.hpp>
#include <kvt/cache/policies.hpp>
#include <kvt/core/format_number.hpp>
#include <kvt/engine/mock.hpp>
#include <kvt/eval/metrics.hpp>
#include <kvt/harness/clean.hpp>
#include <kvt/harness/group.hpp>
#include <kvt/harness/guards.hpp>
#include <kvt/harness/measured.hpp>
#include <kvt/harness/prompt.hpp>
#include <kvt/harness/verify.hpp>
#include <kvt/numeric/bootstrap.hpp>
#include <kvt/quant/quantizers.hpp>
#include <kvt/quant/range_policies.hpp>
#include <kvt/report/table.hpp>
#include <kvt/trace/estimators.hpp>

#include <fmt/core.h>

#include <filesystem>

namespace cli {

namespace fs = std::filesystem;
using kvt::store::open_mode;

namespace {

struct listed {
    std::string axis, name, parameters;
};
KVT_RECORD(listed, axis, name, parameters);

template <class Registry> void list_registry(std::vector<listed>& out, std::string const& axis) {
    Registry::each([&](std::string_view name, auto type) {
        out.push_back({axis, std::string{name}, kvt::dump(kvt::to_json(typename decltype(type)::type{}))});
    });
}

/// A database from what a user typed: the file itself, or the run folder that holds it.
std::string database_of(std::string const& given) {
    fs::path path = given;
    if (fs::is_directory(path)) path /= "kv_transition.sqlite";
    if (!fs::exists(path))
        throw kvt::error{kvt::error_kind::missing, given, "there is no database",
                         "runs/<group> or a .sqlite file of kvt"};
    return path.string();
}

std::vector<std::string> groups_of(kvt::store::session& db, std::string const& where) {
    std::vector<std::string> out;
    if (kvt::store::has_table<kvt::harness::experiment_row>(db))
        for (auto const& e : kvt::store::select<kvt::harness::experiment_row>(db)) out.push_back(e.exp_group_id);
    if (out.empty())
        throw kvt::error{kvt::error_kind::mismatch, where, "holds no experiment", "a database that `kvt prepare` made"};
    return out;
}

}  // namespace

int list(options const& o) {
    std::vector<listed> rows;
    list_registry<kvt::data::sources>(rows, "dataset.source");
    list_registry<kvt::data::tokenizers>(rows, "tokenizer.mode");
    list_registry<kvt::data::binnings>(rows, "binning.type");
    list_registry<kvt::harness::prompt_templates>(rows, "prompt.template");
    list_registry<kvt::cache::policies>(rows, "kv.policies");
    list_registry<kvt::eval::metrics>(rows, "metric");
    list_registry<kvt::analysis::detectors>(rows, "detector");
    list_registry<kvt::trace::estimators>(rows, "trace estimate --algo");
    list_registry<kvt::quant::quantizers>(rows, "quantizer");
    list_registry<kvt::quant::range_policies>(rows, "range policy");
    for (auto const* engine : {"openai_compat", "embedded"}) rows.push_back({"engine.type", engine, ""});
    rows.push_back({"engine.type", "mock", kvt::dump(kvt::to_json(kvt::engine::mock{}))});
    if (o.json) fmt::print("{}\n", kvt::dump(kvt::to_json(rows), kvt::json_style::pretty));
    else fmt::print("{}", kvt::report::print_table(kvt::report::table_of(rows), 100));
    return 0;
}

namespace {

/// The group's manifest beside its database; empty: a database sent alone comes without.
std::string manifest_beside(fs::path const& folder) {
    auto const path = folder / "manifest.json";
    return fs::exists(path) ? path.string() : std::string{};
}

}  // namespace

int verify(options const& o) {
    auto const file = database_of(o.folder);
    kvt::store::session db{kvt::store::sqlite{file, open_mode::read_only}};
    bool holds = true;
    for (auto const& group : groups_of(db, file)) {
        auto const folder = fs::absolute(file).parent_path();
        auto const manifest = manifest_beside(folder);
        auto const v = kvt::harness::verify(db, group, folder.string(), manifest);
        holds = holds && v.holds();
        if (o.json) {
            fmt::print("{}\n", kvt::dump(kvt::to_json(v), kvt::json_style::pretty));
            continue;
        }
        for (auto const& x : v.violations) fmt::print("{} {}: {}\n", x.table, x.row, x.problem);
        fmt::print("{}: {} runs{}, {} requests, {} receipts, manifest {}: {}\n", group, v.runs,
                   v.unfinished > 0 ? fmt::format(" ({} unfinished)", v.unfinished) : "", v.requests, v.receipts,
                   manifest.empty() ? "not here" : "compared",
                   v.holds() ? "everything holds" : fmt::format("{} violations", v.violations.size()));
    }
    return holds ? 0 : 1;
}

namespace {

struct compared {
    std::string base, other;
    kvt::analysis::comparison pairs;
    std::string p;  ///< of this pair alone
};
KVT_RECORD(compared, base, other, pairs, p);

}  // namespace

int compare(options const& o) {
    struct held {
        std::string group;
        kvt::harness::run_row run;
        std::vector<kvt::analysis::entry_score> scores;
    };
    std::vector<held> runs;
    for (auto const& folder : o.folders) {
        auto const file = database_of(folder);
        kvt::store::session db{kvt::store::sqlite{file, open_mode::read_only}};
        for (auto const& group : groups_of(db, file)) {
            (void)kvt::harness::missing_scores(db, group, kvt::harness::completeness::whole);
            for (auto const& run : kvt::harness::group_runs(db, group))
                runs.push_back(
                    {group, run, kvt::harness::measure(db, run, kvt::harness::truncation::failure).scores()});
        }
    }
    // the same policy at the same budget in the first group, where it has that; within it, its first run
    auto const base_of = [&](held const& other) -> held const& {
        auto const same = std::find_if(runs.begin(), runs.end(), [&](held const& r) {
            return r.group == runs[0].group && other.group != runs[0].group && r.run.kv_policy == other.run.kv_policy &&
                   r.run.kv_budget == other.run.kv_budget;
        });
        return same == runs.end() ? runs[0] : *same;
    };
    std::vector<compared> rows;
    kvt::numeric::bootstrap const interval;
    for (std::size_t i = 1; i < runs.size(); ++i) {
        auto const& other = runs[i];
        auto const& base = base_of(other);
        if (other.run.manifest_hash != base.run.manifest_hash)
            throw kvt::error{kvt::error_kind::mismatch, other.run.run_id,
                             "was run over other prompts than " + base.run.run_id, "groups with the same manifest"};
        auto const pairs =
            kvt::analysis::compare(base.scores, other.scores, interval, base.run.run_id + "|" + other.run.run_id);
        rows.push_back({base.run.run_id, other.run.run_id, pairs, kvt::fixed(pairs.p_two_sided, 4)});
    }
    if (o.json) {
        fmt::print("{}\n", kvt::dump(kvt::to_json(rows), kvt::json_style::pretty));
        return 0;
    }
    auto const table =
        kvt::report::table_of(rows, {{"base"},
                                     {"other"},
                                     {"pairs.n_shared", "prompts"},
                                     {"pairs.mean_base", "base"},
                                     {"pairs.mean_other", "other"},
                                     {"pairs.difference", "difference"},
                                     kvt::report::interval("pairs.ci_low", "pairs.ci_high", "paired interval"),
                                     {"p", "p (uncorrected)"}});
    fmt::print("{}", kvt::report::print_table(table));
    return 0;
}

namespace {

struct sampled {
    std::string request_id;
    double budget = 1;
    std::string policy;
    std::int64_t bin = 0, tokens = 0;
    std::optional<double> score;
    std::string label, output, gold;
};
KVT_RECORD(sampled, request_id, budget, policy, bin, tokens, score, label, output, gold);

/// The first `most` code points.
std::string shortened(std::string const& text, std::size_t most) {
    std::size_t points = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 && ++points > most) return text.substr(0, i) + "...";
    return text;
}

sampled describe(kvt::store::session& db, kvt::harness::run_row const& run, kvt::harness::request_row const& r) {
    kvt::store::where const key{{"request_id", r.request_id}};
    sampled out{r.request_id, run.kv_budget.value_or(1), run.kv_policy.value_or(""), 0, 0, {}, {}, {}, {}};
    if (auto const e =
            kvt::store::first<kvt::harness::entry_row>(db, {{"dataset_id", r.dataset_id}, {"entry_idx", r.entry_idx}}))
        out.bin = e->bin_idx, out.tokens = e->token_len;
    if (auto const s = kvt::store::first<kvt::harness::score_row>(db, key)) out.score = s->acc;
    if (auto const a = kvt::store::first<kvt::harness::response_row>(db, key))
        out.output = shortened(a->text.value_or(""), 500), out.label = a->failure_label.value_or("");
    if (auto const f = kvt::store::first<kvt::harness::failure_row>(db, key))
        out.label = f->error_type.value_or(""), out.output = f->message.value_or("");
    auto const example =
        kvt::store::first<kvt::harness::example_row>(db, {{"dataset_id", r.dataset_id}, {"example_id", r.example_id}});
    if (example) out.gold = kvt::parse_json(example->answers_json).items().front().text();
    return out;
}

}  // namespace

int sample(options const& o) {
    return on_experiment(o, [](lab& l) {
        auto& db = l.open(open_mode::read_only).get<kvt::store::session>();
        struct asked {
            kvt::harness::run_row const* run;
            kvt::harness::request_row request;
        };
        std::vector<asked> all;
        auto runs = kvt::harness::group_runs(db, l.group());
        std::stable_sort(runs.begin(), runs.end(),
                         [](auto const& a, auto const& b) { return a.kv_budget > b.kv_budget; });
        for (auto const& run : runs) {
            if (l.o.budget && run.kv_budget != *l.o.budget) continue;
            for (auto& r : kvt::store::select<kvt::harness::request_row>(db, {{"run_id", run.run_id}}, {"entry_idx"}))
                if (!l.o.bin ||
                    kvt::store::count<kvt::harness::entry_row>(
                        db, {{"dataset_id", r.dataset_id}, {"entry_idx", r.entry_idx}, {"bin_idx", *l.o.bin}}) > 0)
                    all.push_back({&run, std::move(r)});
        }
        kvt::random_stream draw{l.o.seed.value_or(1337), "sample|" + l.group()};
        std::vector<sampled> rows;
        while (!all.empty() && static_cast<std::int64_t>(rows.size()) < l.o.n.value_or(10)) {
            auto const at = static_cast<std::ptrdiff_t>(draw.below(all.size()));
            rows.push_back(
                describe(db, *all[static_cast<std::size_t>(at)].run, all[static_cast<std::size_t>(at)].request));
            all.erase(all.begin() + at);
        }
        if (l.o.json) fmt::print("{}\n", kvt::dump(kvt::to_json(rows), kvt::json_style::pretty));
        else fmt::print("{}", kvt::report::print_table(kvt::report::table_of(rows)));
        return 0;
    });
}

namespace {

/// Another group's database below runs/ that holds the dataset, or empty.
std::string user_of_dataset(lab& l, std::string const& dataset) {
    std::error_code none;
    for (auto const& folder : fs::directory_iterator{l.paths.runs_dir(), none}) {
        auto const file = folder.path() / "kv_transition.sqlite";
        if (!fs::exists(file) || fs::equivalent(file, l.database(), none)) continue;
        try {
            kvt::store::session db{kvt::store::sqlite{file.string(), open_mode::read_only}};
            if (!kvt::store::has_table<kvt::harness::dataset_row>(db) ||
                kvt::store::count<kvt::harness::dataset_row>(db, {{"dataset_id", dataset}}) == 0)
                continue;
        } catch (kvt::error const&) {
            // whatever it is, it may need the folder
        }
        return file.string();
    }
    return {};
}

/// The dataset's folder goes where no other group was prepared from it.
void remove_dataset_folder(lab& l, std::string const& dataset) {
    auto const folder = l.paths.processed_dir(dataset);
    if (auto const user = user_of_dataset(l, dataset); !user.empty())
        fmt::print(stderr, "WARN: {} stays, because {} uses it\n", folder, user);
    else fs::remove_all(folder);
}

}  // namespace

int clean(options const& o) {
    return on_experiment(o, [](lab& l) {
        if (!fs::exists(l.database())) {
            fmt::print("nothing to clean: {} is not there\n", l.database());
            return 0;
        }
        auto& db = l.open(open_mode::existing).get<kvt::store::session>();
        fmt::print("{}", kvt::report::print_table(kvt::report::table_of(kvt::harness::count_runs(db, l.group()))));
        std::vector<fs::path> files;
        for (auto const* name : {"report.md", "report.html", "summary.json", "plots"})
            if (fs::exists(fs::path{l.run_dir()} / name)) files.push_back(fs::path{l.run_dir()} / name);
        for (auto const& f : files) fmt::print("{} {}\n", l.o.yes ? "removing" : "would remove", f.string());
        if (!l.o.yes) {
            fmt::print("dry run; add --yes to remove\n");
            return 0;
        }
        l.lock();
        auto const dataset = kvt::config::dataset_id(l.settings().dataset.name, l.settings().dataset.task);
        kvt::store::transaction(db, [&] {
            kvt::harness::forget_runs(db, l.group());
            if (l.o.purge_dataset) kvt::harness::forget_dataset(db, dataset);
        });
        if (l.o.purge_dataset) {
            fmt::print("removed dataset {}\n", dataset);
            remove_dataset_folder(l, dataset);
        }
        for (auto const& f : files) fs::remove_all(f);
        return 0;
    });
}

}  // namespace cli
