#include <doctest/doctest.h>

#include <kvt/engine/kv_body.hpp>

#include <engine/parrot.hpp>
#include <support/refusal.hpp>

using namespace kvt;
using engine::evidence;

namespace {

engine::request asking(double budget = 0.5) {
    engine::request r;
    r.kv.policy = "streaming_llm";
    r.kv.budget = budget;
    r.kv.item = "example-7";
    r.kv.seed = 9;
    r.question_bytes = 12;
    return r;
}
engine::response answer(engine::request const& r, evidence proof = evidence::receipts) {
    engine::response out;
    out.proof = proof;
    if (proof == evidence::receipts) out.receipt = parrot::newest_kept(r.kv, 10);
    if (proof != evidence::none) out.kv_total_tokens = 10, out.kv_retained_tokens = 5;
    return out;
}
engine::response read(json const& reply, engine::kv_request const& asked) {
    engine::response out;
    engine::read_kv_echo(reply, asked, out);
    return out;
}

}  // namespace

TEST_CASE("what is written into a body is read back") {
    auto r = asking();
    r.kv.mode = cache::budget_mode::capped;
    r.kv.question = cache::question_mode::query_agnostic;
    r.kv.parameters = json::of({{"sinks", 2}});
    engine::request back;
    CHECK(engine::read_kv_body(engine::write_kv_body(r), back) == engine::receipt_form::full);
    CHECK(to_json(back.kv) == to_json(r.kv));
    CHECK(back.question_bytes == 12);
    engine::request plain;
    CHECK(engine::read_kv_body(json::object{}, plain) == engine::receipt_form::summary);
    CHECK(to_json(plain.kv) == to_json(engine::kv_request{}));
}

TEST_CASE("bodies that make no sense are refused by key") {
    auto const refused = [](char const* text) {
        engine::request r;
        return refusal([&] { (void)engine::read_kv_body(parse_json(text), r); });
    };
    CHECK(refused(R"({"buget": 0.2})") == "kv.buget: unknown key (did you mean \"budget\"?)");
    CHECK(refused(R"({"budget": -0.2})") == "kv.budget: -0.2 is out of range; expected a number in (0, 1]");
    CHECK(refused(R"({"budget": 0})").starts_with("kv.budget: "));
    CHECK(refused(R"({"budget": 1.5})").starts_with("kv.budget: 1.5 is out of range"));
    CHECK(refused(R"({"budget": "0.2"})") == "kv.budget: found a string; expected a number");
    CHECK(refused(R"({"mode": "soft"})").starts_with("kv.mode: unknown value \"soft\"; expected one of prompt"));
    CHECK(refused(R"({"question_bytes": -1})").starts_with("kv.question_bytes: "));
    CHECK(refused(R"({"parameters": [1]})").starts_with("kv.parameters: "));
    CHECK(refused(R"({"policy": null})").starts_with("kv.policy: "));
    CHECK(refused(R"({"receipt": "none"})").starts_with("kv.receipt: "));
}

TEST_CASE("a full receipt that belongs to the request is a receipt") {
    auto const r = asking();
    auto const echo = engine::write_kv_echo(r, answer(r), engine::receipt_form::full);
    CHECK(echo.at("budget") == json{0.5});
    CHECK(echo.at("evidence") == json{"receipts"});
    auto const got = read(json::of({{"kv", echo}}), r.kv);
    CHECK(got.proof == evidence::receipts);
    REQUIRE(got.receipt);
    CHECK(cache::receipt_text(*got.receipt) == cache::receipt_text(*answer(r).receipt));
    CHECK(got.kv_total_tokens == 10);
    CHECK(got.kv_retained_tokens == 5);
    CHECK(got.notes.is_null());
}

TEST_CASE("a receipt of something else, or changed on the way, proves nothing and is noted") {
    auto const r = asking();
    auto const echo = engine::write_kv_echo(r, answer(r), engine::receipt_form::full);
    auto const refuses = [&](json const& changed, engine::kv_request const& asked, std::string_view why) {
        auto const got = read(json::of({{"kv", changed}}), asked);
        CHECK(got.proof == evidence::none);
        CHECK(!got.receipt);
        INFO(dump(got.notes));
        CHECK(got.notes.at("kv_problem").text().find(why) != std::string::npos);
    };
    auto other = r.kv;
    other.budget = 0.2;
    refuses(echo, other, "is for budget 0.5");
    other = r.kv, other.policy = "h2o";
    refuses(echo, other, "is for policy streaming_llm");
    other = r.kv, other.item = "example-8";
    refuses(echo, other, "another prompt or seed");
    other = r.kv, other.mode = cache::budget_mode::capped;
    refuses(echo, other, "is for mode prompt");
    other = r.kv, other.question = cache::question_mode::query_agnostic;
    refuses(echo, other, "question mode");
    other = r.kv, other.parameters = json::of({{"sinks", 16}});
    refuses(echo, other, "is for sinks left out");
    auto spelled = r;
    spelled.kv.parameters = json::of({{"sinks", 32}});
    auto const full = engine::write_kv_echo(spelled, answer(spelled), engine::receipt_form::full);
    refuses(full, other, "is for sinks 32");
    for (auto const& same : {json{32.0}, json{}}) {
        other.parameters = json::of({{"sinks", same}});
        CHECK(read(json::of({{"kv", full}}), other).proof == evidence::receipts);
    }
    CHECK(read(json::of({{"kv", full}}), r.kv).proof == evidence::receipts);  // no wish, no contradiction
    auto const beside = [&](engine::token_usage const& usage) {
        engine::response out;
        out.usage = usage;
        engine::read_kv_echo(json::of({{"kv", echo}}), r.kv, out);
        return out.proof == evidence::receipts ? "" : out.notes.at("kv_problem").text();
    };
    CHECK(beside({10, 3, 13}) == "");
    CHECK(beside({11, 3, 14}) == "receipt is for a prompt of 10 tokens, the usage counts 11");
    auto changed = echo;
    changed["receipt"]["heads"].items()[0]["position_deltas"].items()[0] = 4;
    refuses(changed, r.kv, "hash");
    changed = echo;
    changed["receipt"]["bytes_kept"] = 1;
    refuses(changed, r.kv, "bytes_kept");
    changed = echo;
    changed["receipt"]["heads"] = "none";
    refuses(changed, r.kv, "kv.receipt.heads");
}

TEST_CASE("receipts without a receipt prove nothing, whoever says so") {
    auto const r = asking();
    engine::response claim;
    claim.proof = evidence::receipts;
    CHECK(engine::proof_of(claim) == evidence::none);
    CHECK(engine::proof_of(answer(r)) == evidence::receipts);
    CHECK(engine::proof_of(answer(r, evidence::acknowledged)) == evidence::acknowledged);
    CHECK(engine::write_kv_echo(r, claim, engine::receipt_form::full).at("evidence") == json{"none"});
    CHECK(read(parse_json(R"({"kv": {"budget": 0.5, "evidence": "receipts"}})"), r.kv).proof < evidence::receipts);
}

TEST_CASE("a summary or an echo of the right budget is acknowledged") {
    auto const r = asking();
    auto const summary = engine::write_kv_echo(r, answer(r), engine::receipt_form::summary);
    CHECK(summary.at("receipt").find("heads") == nullptr);
    CHECK(summary.at("receipt").at("hash").text().size() == 64);
    CHECK(read(json::of({{"kv", summary}}), r.kv).proof == evidence::acknowledged);

    CHECK(read(parse_json(R"({"kv_budget": 0.5})"), r.kv).proof == evidence::acknowledged);
    CHECK(read(parse_json(R"({"usage": {"kv_budget": 0.5, "kv_total_tokens": 8, "kv_retained_tokens": 4}})"), r.kv)
              .kv_retained_tokens == 4);
    CHECK(read(parse_json(R"({"kv": {"budget": 0.5, "policy": "streaming_llm"}})"), r.kv).proof ==
          evidence::acknowledged);
    CHECK(read(parse_json(R"({"kv": {"budget": 0.5, "policy": "snapkv@paper"}})"),
               {.policy = "snapkv", .parameters = {}, .budget = 0.5, .mode = {}, .item = {}})
              .proof == evidence::acknowledged);
}

TEST_CASE("an echo of another budget or policy, or none, acknowledges nothing") {
    auto const r = asking();
    auto const other = read(parse_json(R"({"kv_budget": 1.0})"), r.kv);
    CHECK(other.proof == evidence::none);
    CHECK(other.notes.at("kv_problem").text() == "the server applied budget 1.0");
    CHECK(read(parse_json(R"({"kv": {"budget": "half"}})"), r.kv).proof == evidence::none);
    CHECK(read(parse_json(R"({"kv": {"budget": 0.5, "policy": "full"}})"), r.kv).notes.at("kv_problem").text() ==
          "the server applied policy \"full\"");
    CHECK(read(parse_json(R"({"kv": {"budget": 0.5, "evidence": "none"}})"), r.kv).proof == evidence::none);
    for (auto const* text :
         {"{}", R"({"kv": null})", R"({"kv": 5, "usage": []})", R"({"kv": {"kv_total_tokens": -1}})"}) {
        auto const got = read(parse_json(text), r.kv);
        CHECK(got.proof == evidence::none);
        CHECK(!got.kv_total_tokens);
        CHECK(got.notes.is_null());
    }
    auto const unproven = engine::write_kv_echo(r, answer(r, evidence::none), engine::receipt_form::full);
    CHECK(unproven.find("receipt") == nullptr);
    CHECK(read(json::of({{"kv", unproven}}), r.kv).proof == evidence::none);
}
