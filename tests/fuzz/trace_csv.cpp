// Mutated traces and requests: the same ones in every run.
#include "fuzz/targets.hpp"

#include <doctest/doctest.h>
#include <kvt/core/random.hpp>

#include <array>

namespace {

std::string const phases = "request_id,phase_type,t_start,t_end,prefill_tokens,decode_tokens\n"
                           "a,prefill,0,1.25,96,\na,decode,1.25,4,,5\n\"b \"\"x\"\"\",PREFILL,1e0,2.5,130.0,\r\n"
                           "\nb,Decode,2.5,1700000000.1234567,NA,7\n";
std::string const given =
    "N_steps,request_id,phase_type,t_start,t_end\r\n3,a,decode,0,1\r\n2.0000005,b,prefill,-1,inf\r\n";
std::string const seconds = "arrival,prompt_tokens,generated_tokens,request_id\n0.5,10,3,a\n1e3,2048,1,b\n";
std::string const dates = "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,4808,10\n"
                          "2023-11-16T19:17:03.9799600+01:00,1,1\n2024-02-29 00:00:00Z,7,0\n";

// One to eight edits: bytes changed, taken out, doubled, put in, whole words put in, pieces moved.
std::string mutated(std::string text, kvt::random_stream& stream) {
    static std::array<std::string, 16> const words{",",
                                                   "\"",
                                                   "\n",
                                                   "\r\n",
                                                   "\"\"",
                                                   "1e309",
                                                   "-0",
                                                   "nan",
                                                   "inf",
                                                   "0x1",
                                                   "\xEF\xBB\xBF",
                                                   "\xFF",
                                                   std::string(1, '\0'),
                                                   "99999999999999999999",
                                                   ".",
                                                   "prefill"};
    for (auto edits = 1 + stream.below(8); edits > 0; --edits) {
        if (text.empty()) text = ",";
        std::size_t const at = stream.below(text.size()),
                          length = 1 + stream.below(std::min<std::size_t>(text.size() - at, 40));
        switch (stream.below(6)) {
            case 0: text[at] = static_cast<char>(stream.below(256)); break;
            case 1: text.erase(at, length); break;
            case 2: text.insert(at, text.substr(at, length)); break;
            case 3: text.insert(at, words[stream.below(words.size())]); break;
            case 4: text.insert(stream.below(text.size()), text.substr(at, length)); break;
            default: text[at] = ",\"\n\r0.e-"[stream.below(8)];
        }
    }
    return text;
}

}  // namespace

TEST_CASE("mutated CSV keeps the readers' promises") {
    kvt::random_stream stream{71, "mutations"};
    std::vector<std::string> pool{phases, given, seconds, dates};
    for (int round = 0; round < 40'000; ++round) {
        auto text = mutated(pool[stream.below(pool.size())], stream);
        fuzz::csv_bytes(text);
        fuzz::phase_table(text);
        fuzz::request_table(text);
        if (text.size() < 2000 && stream.below(50) == 0) pool[stream.below(pool.size())] = text;
        if (stream.below(200) == 0)
            pool.assign({phases, given, seconds, dates});  // mutants of mutants, but not for ever
    }
    CHECK(pool.size() == 4);
    CHECK(kvt::trace::parse_trace(phases).size() == 4);
    CHECK(kvt::trace::parse_requests(dates, kvt::trace::request_columns::azure()).size() == 3);
}

TEST_CASE("mutated numbers are the nearest doubles or none") {
    kvt::random_stream stream{72, "numbers"};
    std::array<std::string, 6> const seeds{
        "0.1", "1700000000.1234567", "-9007199254740993", "12345678.87654321", "1e-5", "0"};
    int found = 0;
    for (int round = 0; round < 200'000; ++round) {
        auto text = seeds[stream.below(seeds.size())];
        for (auto edits = stream.below(4); edits > 0; --edits) {
            std::size_t const at = stream.below(text.size() + 1);
            if (at < text.size() && stream.below(3) == 0) text.erase(at, 1);
            else text.insert(at, 1, "0123456789.-+e,"[stream.below(15)]);
        }
        fuzz::number(text);
        found += kvt::trace::number_in_cell(text).has_value();
    }
    CHECK(found > 50'000);
}
