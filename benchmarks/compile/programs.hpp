// Programs of a given size, for what one more record or stage costs the compiler.
#pragma once

#include <string>

namespace bench {

/// `n` records of ten fields, each read and written as JSON, and written as CSV where asked.
enum class record_use { json, json_and_csv };
[[nodiscard]] inline std::string records_program(std::size_t n, record_use use) {
    std::string text = "#include <kvt/core/csv.hpp>\n#include <kvt/core/json.hpp>\n";
    for (std::size_t i = 0; i < n; ++i) {
        auto const name = "r" + std::to_string(i);
        text += "struct " + name + " { std::int64_t a, b, c; double d, e, f; std::string g, h; bool i, j; };\n";
        text += "KVT_RECORD(" + name + ", a, b, c, d, e, f, g, h, i, j);\n";
        text += name + " read_json(kvt::json const& j, " + name + "*) { return kvt::from_json<" + name + ">(j); }\n";
        text += "kvt::json write_json(" + name + " const& r) { return kvt::to_json(r); }\n";
        if (use == record_use::json_and_csv)
            text += "std::string write_csv(std::span<" + name + " const> r) { return kvt::to_csv(r); }\n";
    }
    return text;
}

/// `n` stages, run as a pipeline or as nested calls.
enum class composition { pipeline, nested };
[[nodiscard]] inline std::string stages_program(std::size_t n, composition how) {
    std::string text = "#include <kvt/core/context.hpp>\n#include <kvt/core/pipeline.hpp>\n";
    std::string list, before, after;
    for (std::size_t i = 0; i < n; ++i) {
        auto const number = std::to_string(i), in = i == 0 ? std::string{"kvt::start"} : "a" + std::to_string(i - 1);
        text += "struct a" + number + " { int value = 0; };\n";
        text += "struct s" + number + " { using stage_concept = kvt::stage_tag; static constexpr std::string_view name = \"s" +
                number + "\"; a" + number + " operator()(kvt::run_context&, " + in + ") const { return {}; } };\n";
        list += (i == 0 ? "s" : ", s") + number + "{}";
        before.insert(0, "s" + number + "{}(c, ");
        after += ")";
    }
    text += "int use(kvt::run_context& c) { return ";
    text += how == composition::pipeline ? "kvt::pipeline{" + list + "}(c)" : before + "kvt::start{}" + after;
    return text + ".value; }\n";
}

}  // namespace bench
