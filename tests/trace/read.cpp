#include "support/refusal.hpp"
#include "support/scratch_folder.hpp"

#include <doctest/doctest.h>
#include <kvt/core/context.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/core/random.hpp>
#include <kvt/trace/baseline.hpp>
#include <kvt/trace/read.hpp>

#include <cmath>
#include <zlib.h>

using namespace kvt::trace;

namespace {

std::string const header = "request_id,phase_type,t_start,t_end,prefill_tokens,decode_tokens\n";

fault fault_of(std::string const& text) {
    auto const e = error_of<trace_error>([&] { (void)parse_trace(text); });
    REQUIRE(e);
    return e->code();
}

// Packed as gzip packs it, in one piece or several.
std::string packed(std::string const& text, std::size_t pieces = 1) {
    std::string out;
    for (std::size_t i = 0; i < pieces; ++i) {
        auto const from = text.size() * i / pieces, to = text.size() * (i + 1) / pieces;
        z_stream work{};
        REQUIRE(deflateInit2(&work, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
        std::string piece(deflateBound(&work, to - from) + 64, '\0');
        work.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data() + from));
        work.avail_in = static_cast<unsigned>(to - from);
        work.next_out = reinterpret_cast<Bytef*>(piece.data());
        work.avail_out = static_cast<unsigned>(piece.size());
        REQUIRE(deflate(&work, Z_FINISH) == Z_STREAM_END);
        out.append(piece, 0, work.total_out);
        deflateEnd(&work);
    }
    return out;
}

std::string many_rows(std::size_t bytes) {
    kvt::random_stream stream{4, "many rows"};
    std::string text = header;
    while (text.size() < bytes) {
        auto const i = std::to_string(stream.below(1'000'000));
        text += "r" + i +
                (stream.below(2) == 0 ? ",prefill,0.25,1." + i + "5," + i + ",0\n" : ",Decode,-1.5,2.75,0," + i + "\n");
    }
    return text;
}

void check_same(table const& a, table const& b) {
    REQUIRE(a.size() == b.size());
    CHECK(a.kind == b.kind);
    CHECK(a.t_start == b.t_start);
    CHECK(a.t_end == b.t_end);
    CHECK(a.tokens == b.tokens);
    for (std::size_t i = 0; i < a.size(); ++i) REQUIRE(a.request_id[i] == b.request_id[i]);
    for (std::size_t i = 0; i < a.size(); i += 97) REQUIRE(a.lines.of(i) == b.lines.of(i));
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
    auto const t =
        parse_trace("id,kind,begin,end,p,d,n\nr,decode,0,1,,,5\n", {"id", "kind", "begin", "end", "p", "d", "n"});
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

TEST_CASE("rows with quotes and rows without are the same rows") {
    auto const plain = many_rows(std::size_t{3} << 18);
    std::string quoted;
    bool first = true;
    for (char const c : plain) {
        if (first && c == 'r') quoted += "\"r", first = false;
        else if (c == ',' && !first) quoted += "\",", first = true;
        else quoted += c;
        if (c == '\n') first = true;
    }
    quoted = header + quoted.substr(quoted.find('\n') + 1);
    check_same(parse_trace(plain), parse_trace(quoted));
}

TEST_CASE("packed files, in one piece or several, are the table of their text") {
    scratch_folder const folder;
    auto const text = many_rows(std::size_t{3} << 18);
    auto const whole = parse_trace(text);
    for (std::size_t const pieces : {1, 5}) {
        auto const bytes = packed(text, pieces);
        std::size_t seen = 0;
        auto const path = folder.file("rows.csv.gz", bytes);
        check_same(whole, read_trace(path, {}, [&](std::size_t n) { seen += n; }));
        CHECK(seen == bytes.size());
    }
    check_same(whole, read_trace(folder.file("packed, without the name", packed(text))));
    CHECK(parse_trace(text, {}, "t").lines.of(0) == 2);
}

TEST_CASE("packed files that are damaged or end early are refused with their name") {
    scratch_folder const folder;
    auto bytes = packed(many_rows(1 << 16));
    auto const refused = [&](std::string const& what) {
        return refusal([&] { (void)read_trace(folder.file("bad.gz", what)); });
    };
    CHECK(holds(refused(bytes.substr(0, bytes.size() / 2)), "bad.gz: damaged gzip data"));
    CHECK(holds(refused(bytes.substr(0, bytes.size() - 4)), "bad_csv"));
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x55);
    CHECK(holds(refused(bytes), "bad_csv"));
}

TEST_CASE("packed bytes that were changed give their table or an error of kvt's own") {
    scratch_folder const folder;
    auto const text = many_rows(1 << 12);
    auto const bytes = packed(text, 2);
    kvt::random_stream stream{6, "packed"};
    int refused = 0;
    for (int round = 0; round < 200; ++round) {
        auto changed = bytes;
        for (auto edits = 1 + stream.below(3); edits > 0; --edits)
            changed[stream.below(changed.size())] = static_cast<char>(stream.below(256));
        if (stream.below(4) == 0) changed.resize(stream.below(changed.size()));
        try {
            (void)read_trace(folder.file("changed.gz", changed));
        } catch (kvt::error const&) {
            ++refused;
        }
    }
    CHECK(refused > 120);
    CHECK(read_trace(folder.file("changed.gz", bytes)).size() == parse_trace(text).size());
}

TEST_CASE("decimals are read as the nearest double") {
    kvt::random_stream stream{5, "decimals"};
    for (int round = 0; round < 200'000; ++round) {
        std::string digits;
        for (auto count = 1 + stream.below(21); count > 0; --count) digits += static_cast<char>('0' + stream.below(10));
        auto const point = stream.below(digits.size() + 4);
        if (point <= digits.size()) digits.insert(point, ".");
        if (stream.below(4) == 0) digits.insert(0, "-");
        if (stream.below(8) == 0) digits += "e" + std::to_string(static_cast<int>(stream.below(40)) - 20);
        if (digits == "." || digits == "-.") continue;
        INFO(digits);
        auto const value = number_in_cell(digits);
        REQUIRE(value);
        REQUIRE(*value == std::strtod(digits.c_str(), nullptr));
    }
    for (double const near :
         {9007199254740993.0, 0.1, 1700000000.1234567})  // halfway between two doubles, and about it
        for (auto const* tail : {"", "0", "5", "49999", "50001"}) {
            auto const text = "9007199254740993" + std::string{tail};
            CHECK(number_in_cell(text) == std::strtod(text.c_str(), nullptr));
            auto const shown = std::to_string(near) + tail;
            CHECK(number_in_cell(shown) == std::strtod(shown.c_str(), nullptr));
        }
    for (auto const* bad : {"1.2.3", "1,5", "12345678x", "x12345678", "1 ", "--1", "1e", ".", "-", "1.e5.", "0x10"})
        CHECK_FALSE(number_in_cell(bad));
}

TEST_CASE("a request's rows share the text of its id") {
    text_column ids;
    for (int i = 0; i < 20'000; ++i)
        for (int twice = 0; twice < 2; ++twice) ids.push_back("request-" + std::to_string(i));
    ids.push_back("");
    ids.push_back("a");
    REQUIRE(ids.size() == 40'002);
    for (int i = 0; i < 20'000; ++i)
        REQUIRE(ids[static_cast<std::size_t>(2 * i + 1)] == "request-" + std::to_string(i));
    CHECK(ids[40'000].empty());
    CHECK(ids[40'001] == "a");
    CHECK(ids.bytes() < 20'000 * 13 + 40);  // but for the few times the memory of them was made larger
    CHECK(error_of([&] { ids.push_back(std::string(text_column::longest + 1, 'x')); }));
}

TEST_CASE("errors of rows name the line") {
    auto const refused = [](std::string const& rows) {
        return refusal([&] { (void)check_trace(parse_trace(header + rows), {.chunk_size = 64}, prompt_use::needed); });
    };
    std::string const good = "\"a\nb\",prefill,0,1,10,0\n\n";  // lines 2 to 4
    CHECK(holds(refused(good + "c,decode,2,2,,3\n"), "non_positive_duration: row 2 (line 5): from 2.0 to 2.0"));
    CHECK(holds(refused(good + "c,decode,1,2,,-3\n"), "negative_tokens: decode_tokens of row 2 (line 5)"));
    CHECK(holds(refused(good + "c,decode,1,2,,2.5\n"), "non_integer_steps: row 2 (line 5)"));
    CHECK(holds(refused(good + "c,decode,1,,,2\n"), "non_finite: t_end of row 2 (line 5)"));
    CHECK(holds(refused(good + "\"a\nb\",prefill,1,2,5,2\n"), "again in row 2 (line 5)"));
    CHECK(holds(refused(good + "c,chunk,1,2,,2\n"), "bad_phase_type: phase_type of row 2 (line 5)"));
    CHECK(holds(refusal([] { (void)check_trace(parse_trace("\nrequest_id,t_start,t_end\n"), {.chunk_size = 64}, {}); }),
                "missing_column: phase_type, not in the header in line 2"));
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
    auto const path =
        folder.file("four.csv", header + "A,prefill,0,2,96,\nA,decode,2,6,,4\nB,prefill,1,3,64,\nB,decode,3,5,,2\n");
    baseline const method;
    auto const betas =
        kvt::pipeline{kvt::trace::read{path}, check{{.chunk_size = 64}, method}, expose{}, estimate{method}};
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
        } catch (kvt::error const&) {}
    }
}
