#pragma once

#include <kvt/core/text_file.hpp>
#include <kvt/scaling/detail/experiment.ipp>
#include <kvt/scaling/detail/json_outline.ipp>
#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/training_run.hpp>

#include <cmath>

namespace kvt::inline KVT_ABI::scaling {

KVT_DECL json run_json(training_run const& run) {
    auto out = to_json(run);
    for (auto const* key : {"actual_params", "tokens_trained", "epochs", "position"})
        if (out.at(key).is_null()) out.erase(key);
    if (run.final_loss && !std::isfinite(*run.final_loss)) out["final_loss"] = nullptr;
    return out;
}

namespace detail {

/// Reads fields of one row; errors name it.
class run_row {
  public:
    run_row(json const& row, std::string at) : row_{row}, at_{std::move(at)} {
        if (!row.is_object()) throw refusal("", "found " + std::string{row.type_name()}, "a run");
    }
    [[nodiscard]] json const& required(std::string const& name) const {
        if (auto const* found = row_.find(name)) return *found;
        throw refusal("", "has no " + name,
                      "experiment_id, compute_budget, model_size, num_tokens, final_loss and status");
    }
    [[nodiscard]] double number(std::string const& name, json const& value) const {
        if (value.is_null()) return std::nan("");
        if (!value.is_number()) throw refusal("." + name, "found " + dump(value), "a number");
        return value.real();
    }
    [[nodiscard]] double number_or(std::string const& name, double otherwise) const {
        auto const* found = row_.find(name);
        return found == nullptr ? otherwise : number(name, *found);
    }
    [[nodiscard]] std::int64_t whole(std::string const& name, json const& value) const {
        if (auto const number = whole_number(value)) return *number;
        throw refusal("." + name, "found " + dump(value), "a whole number");
    }
    [[nodiscard]] std::optional<std::int64_t> maybe_whole(std::string const& name) const {
        auto const* found = row_.find(name);
        return found == nullptr || found->is_null() ? std::nullopt : std::optional{whole(name, *found)};
    }
    [[nodiscard]] std::string text(std::string const& name, json const& value) const {
        if (!value.is_text()) throw refusal("." + name, "found " + dump(value), "text");
        return value.text();
    }
    [[nodiscard]] std::optional<std::string> maybe_text(std::string const& name) const {
        auto const* found = row_.find(name);
        return found == nullptr || found->is_null() ? std::nullopt : std::optional{text(name, *found)};
    }
    [[nodiscard]] scaling_error refusal(std::string const& field, std::string const& problem,
                                        char const* expected) const {
        return {fault::bad_results, at_ + field, problem, expected};
    }

  private:
    json const& row_;
    std::string at_;
};

KVT_DECL training_run parse_run(json const& source, std::string at) {
    run_row const row{source, std::move(at)};
    training_run out;
    auto const word = row.text("status", row.required("status"));
    auto const status = choice_of<run_status>(word);
    if (!status) throw row.refusal(".status", "found " + dump(json{word}), "completed, failed or skipped");
    out.status = *status;
    out.experiment_id = row.text("experiment_id", row.required("experiment_id"));
    out.compute_budget = row.number("compute_budget", row.required("compute_budget"));
    out.model_size = row.whole("model_size", row.required("model_size"));
    out.num_tokens = row.whole("num_tokens", row.required("num_tokens"));
    if (double const loss = row.number("final_loss", row.required("final_loss")); std::isfinite(loss))
        out.final_loss = loss;
    out.actual_flops = row.number_or("actual_flops", 0), out.wall_time_seconds = row.number_or("wall_time_seconds", 0);
    out.timestamp = row.maybe_text("timestamp").value_or("");
    out.error_message = row.maybe_text("error_message");
    out.actual_params = row.maybe_whole("actual_params"), out.tokens_trained = row.maybe_whole("tokens_trained");
    if (double const epochs = row.number_or("epochs", std::nan("")); std::isfinite(epochs)) out.epochs = epochs;
    out.position = row.maybe_whole("position");
    return out;
}

}  // namespace detail

KVT_DECL results parse_results(std::string_view text, std::string_view where) {
    results out;
    detail::json_outline const outline{text};
    std::string readable{text};
    if (!outline.whole()) {
        if (!outline.cut_list())
            throw scaling_error{fault::bad_results, std::string{where},
                                "not JSON from byte " + std::to_string(outline.stopped_at()), "a list of runs"};
        readable = outline.rows_end() == 0 ? "[" : readable.substr(0, outline.rows_end());
        readable += ']';
        out.warnings.push_back(std::string{where} + ": ends in its middle, at byte " + std::to_string(text.size()) +
                               "; taken up to the last whole run");
    }
    auto const& words = outline.bare_words();
    for (std::size_t i = words.size(); i-- > 0;)
        if (words[i].begin < readable.size()) readable.replace(words[i].begin, words[i].length, "null");
    auto document = parse_json(readable, where);
    if (!document.is_array())
        throw scaling_error{fault::bad_results, std::string{where}, "found " + std::string{document.type_name()},
                            "a list of runs"};
    for (auto& row : document.items()) {
        out.runs.push_back(detail::parse_run(row, std::string{where} + "[" + std::to_string(out.runs.size()) + "]"));
        out.rows.push_back(std::move(row));
    }
    return out;
}

KVT_DECL results read_results(std::string const& path) {
    if (!file_exists(path))
        throw scaling_error{fault::missing_results, path, "there is no such file", "what `kvt scaling train` writes"};
    return parse_results(read_file(path), path);
}

KVT_DECL void write_results(std::string const& path, std::span<json const> rows) {
    write_file(path, dump(json{json::array(rows.begin(), rows.end())}, json_style::pretty) + "\n");
}

}  // namespace kvt::inline KVT_ABI::scaling
