// Golden cases of scoring, kvt's side and the reference's first pass (spec L).
#include "replay.hpp"

#include <kvt/eval/scoring.hpp>
#include <kvt/text/unicode.hpp>

namespace {

using golden::verdict;
using kvt::json;
namespace eval = kvt::eval;

struct request {
    eval::answer came_back;
    std::vector<std::string> golds;
};

request request_of(json const& r) {
    request out;
    for (auto const& gold : r.at("golds").items()) out.golds.push_back(gold.text());
    if (auto const* failure = r.find("failure"))
        out.came_back.failure = kvt::choice_of<eval::failure_label>(failure->text());
    if (auto const* response = r.find("response")) {
        out.came_back.responded = true;
        if (!response->at("text").is_null()) out.came_back.text = response->at("text").text();
        if (!response->at("finish_reason").is_null())
            out.came_back.finish_reason = response->at("finish_reason").text();
    }
    return out;
}
template <class E> json name(std::optional<E> value) { return value ? json{kvt::name_of(*value)} : json{}; }

json kvt_row(eval::score const& s) {
    return json::of({{"scorable", s.scorable},
                     {"reason", name(s.reason)},
                     {"em", s.em},
                     {"f1_set", s.f1_set},
                     {"f1_multiset", s.f1_multiset},
                     {"label", name(s.label)}});
}

// The reference leaves unscorable requests without a row, and puts its label of a scored answer among the failures.
json reference_row(eval::answer const& came_back, eval::score const& s) {
    json out = json::of({{"score", nullptr}, {"failure", name(came_back.failure)}});
    if (!s.scorable) return out;
    out["score"] = json::of(
        {{"em", s.em}, {"f1", s.f1}, {"acc", s.acc}, {"pred_norm", *s.pred_norm}, {"gold_norm", *s.gold_norm}});
    out["failure"] = name(eval::classify_compat(came_back.text, came_back.finish_reason, {}));
    return out;
}

golden::suite const cases{
    "scoring_stage", "cases", [](json const& c, golden::file const& source) {
        bool const by_f1 = kvt::text::lower(c.at("in").at("task").text()) == "narrativeqa";
        eval::exact_match const em{};
        eval::token_f1 const f1{}, f1_set{kvt::text::overlap::set};
        json rows = json::list({}), reference = json::list({});
        std::int64_t scored = 0, labelled = 0;
        for (auto const& r : c.at("in").at("requests").items()) {
            auto const [came_back, golds] = request_of(r);
            auto const s = eval::score_answer(came_back, golds, f1, em);
            if (s.f1 != s.f1_multiset || s.acc != s.f1) return verdict::fail("the default accuracy is not multiset F1");
            rows.push_back(kvt_row(s));
            reference.push_back(reference_row(came_back, by_f1 ? eval::score_answer(came_back, golds, f1_set, em)
                                                               : eval::score_answer(came_back, golds, em, f1_set)));
            scored += s.scorable, labelled += s.label.has_value();
        }
        json const integrity = json::of({{"n_requests", rows.size()}, {"n_scored", scored}, {"n_labelled", labelled}});
        auto const& out = c.at("out");
        return golden::same(json::list({out.at("kvt"), out.at("kvt_integrity"), out.at("reference_pass1")}),
                            json::list({rows, integrity, reference}), source);
    }};

}  // namespace
