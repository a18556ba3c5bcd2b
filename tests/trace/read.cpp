#include "support/refusal.hpp"
#include "support/scratch_folder.hpp"

#include <doctest/doctest.h>
#include <kvt/core/context.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/core/random.hpp>
#include <kvt/trace/baseline.hpp>
#include <kvt/trace/read.hpp>

#include <cmath>

using namespace kvt::trace;

namespace {

std::string const header = "request_id,phase_type,t_start,t_end,prefill_tokens,decode_tokens\n";

fault fault_of(std::string const& text) {
    auto const e = error_of<trace_error>([&] { (void)parse_trace(text); });
    REQUIRE(e);
    return e->code();
}

}  // namespace

TEST_CASE("columns come by name, in any order, others are left out") {
    auto const t = parse_trace("note,t_end,t_start,phase_type,decode_tokens,request_id,prefill_tokens\n"
                               "x,2,0.5,PreFill,junk,r1,96.5\n"
                               "\n"
                               "\"y\ny\",4,2,DECODE,3,r1,\n");
    REQUIRE(t.size() == 2);
    CHECK(t.kind == std::vector{phase_kind::prefill, phase_kind::decode});
    CHECK(t.t_start == std::vector<double>{0.5, 2});
    CHECK(t.t_end == std::vector<double>{2, 4});
    CHECK(t.tokens == std::vector<double>{96.5, 3});  // "junk" is of no use on a prefill row
    CHECK(t.request_id[1] == "r1");
    for (auto const& bad : t.bad) CHECK_FALSE(bad);
}

TEST_CASE("columns may have other names") {
    auto const t = parse_trace("id,kind,begin,end,p,d,n\nr,decode,0,1,,,5\n",
                               {"id", "kind", "begin", "end", "p", "d", "n"});
    CHECK(t.steps == std::vector<double>{5});
    CHECK(t.has(column::decode_tokens));
}

TEST_CASE("quotes, line ends, a byte-order mark, and a last line without an end") {
    auto const plain = header + "a,prefill,0,1,10,0\nb,decode,1,2,0,3";
    std::string crlf, cr;
    for (char const c : plain) crlf += c == '\n' ? "\r\n" : std::string{c}, cr += c == '\n' ? '\r' : c;
    std::string const bom = "\xEF\xBB\xBF";
    std::string const quoted = header + "\"a\",\"prefill\",\"0\",1,\"10\",0\n\"b\",decode,\"1\",2,0,3\n";
    for (auto const& text : {plain, crlf, cr, bom + plain, quoted, plain + "\n\n\n"}) {
        auto const t = parse_trace(text);
        REQUIRE(t.size() == 2);
        CHECK(t.request_id[0] == "a");
        CHECK(t.tokens == std::vector<double>{10, 3});
    }
    CHECK(parse_trace(header + "\"a\"\"b\",decode,0,1,0,1\n").request_id[0] == "a\"b");
}

TEST_CASE("what is no table is refused with its line") {
    CHECK(fault_of("") == fault::bad_csv);
    CHECK(fault_of("\n\n") == fault::bad_csv);
    CHECK(fault_of(header + "a,prefill,0,1,10\n") == fault::bad_csv);
    CHECK(fault_of(header + "a,prefill,0,1,10,0,0\n") == fault::bad_csv);
    CHECK(fault_of(header + "a,prefill,0,1,10,\"0\n") == fault::bad_csv);
    CHECK(holds(refusal([] { (void)parse_trace(header + "a,prefill,0,1,10,0\n\nb,decode\n", {}, "t.csv"); }),
                "bad_csv: t.csv:4: 2 cells, not 6 as in the header"));
}

TEST_CASE("bad cells are remembered with row and line") {
    auto const t = parse_trace(header + "a,prefill,0,1,10,x\n\nb,decode,zero,2,x,three\nc,other,0,1,0,0\n");
    REQUIRE(t.bad_in(column::t_start));
    CHECK(t.bad_in(column::t_start)->row == 2);
    CHECK(t.bad_in(column::t_start)->line == 4);
    CHECK(t.bad_in(column::t_start)->text == "zero");
    CHECK(t.bad_in(column::decode_tokens)->text == "three");
    CHECK(t.bad_in(column::phase_type)->text == "other");
    CHECK_FALSE(t.bad_in(column::prefill_tokens));
}

TEST_CASE("a file in blocks is the same table as its text") {
    scratch_folder const folder;
    kvt::random_stream stream{3, "rows"};
    std::string text = header;
    while (text.size() < (std::size_t{5} << 19)) {
        auto const i = std::to_string(stream.below(1'000'000));
        bool const quoted = stream.below(3) == 0;
        text += quoted ? "\"r\"\"\n" + i + "\"" : "r" + i;
        text += stream.below(2) == 0 ? ",prefill,0.25,1.5," + i + ",0" : ",decode,1.5,2.75,0," + i;
        text += stream.below(2) == 0 ? "\n" : "\r\n";
    }
    auto const path = folder.file("long.csv", text);
    std::size_t seen = 0;
    auto const whole = parse_trace(text), blocks = read_trace(path, {}, [&](std::size_t n) { seen += n; });
    CHECK(seen == text.size());
    REQUIRE(whole.size() == blocks.size());
    CHECK(whole.kind == blocks.kind);
    CHECK(whole.tokens == blocks.tokens);
    for (std::size_t i = 0; i < whole.size(); ++i) REQUIRE(whole.request_id[i] == blocks.request_id[i]);
}

TEST_CASE("files that are not there, and folders") {
    scratch_folder const folder;
    auto const e = error_of<trace_error>([&] { (void)read_trace(folder / "none.csv"); });
    REQUIRE(e);
    CHECK(e->code() == fault::file_not_found);
    CHECK(error_of([&] { (void)read_trace(folder / ""); }));
}

TEST_CASE("read, check, expose and estimate make a pipeline") {
    scratch_folder const folder;
    auto const path = folder.file(
        "four.csv", header + "A,prefill,0,2,96,\nA,decode,2,6,,4\nB,prefill,1,3,64,\nB,decode,3,5,,2\n");
    baseline const method;
    auto const betas = kvt::pipeline{kvt::trace::read{path}, check{{.chunk_size = 64}, method}, expose{},
                                     estimate{method}};
    auto const found = betas(kvt::run_context{});
    CHECK(found.beta.beta1 == doctest::Approx(0.014337959489872466).epsilon(1e-12));
}

TEST_CASE("no bytes make the reader fail in another way than by its errors") {
    kvt::random_stream stream{9, "fuzz"};
    std::string const alphabet = "a0.,\"\r\n-e9 ";
    for (int round = 0; round < 3000; ++round) {
        std::string text = header + "a,prefill,0,1,10,0\nb,decode,1,2,0,3\n";
        for (auto edits = 1 + stream.below(6); edits > 0; --edits)
            text[stream.below(text.size())] = alphabet[stream.below(alphabet.size())];
        try {
            auto const t = parse_trace(text);
            (void)check_trace(t, {.chunk_size = 64}, prompt_use::needed);
        } catch (kvt::error const&) {
        }
    }
}
