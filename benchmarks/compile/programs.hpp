// Programs of a given size, for what one more record or stage costs the compiler.
#pragma once

#include <string>

namespace bench {

/// `n` records of ten fields, each read and written as JSON and as CSV.
[[nodiscard]] inline std::string records_program(std::size_t n) {
    std::string text = "#include <kvt/core/csv.hpp>\n#include <kvt/core/json.hpp>\n";
    for (std::size_t i = 0; i < n; ++i) {
        auto const name = "r" + std::to_string(i);
        text += "struct " + name + " { std::int64_t a, b, c; double d, e, f; std::string g, h; bool i, j; };\n";
        text += "KVT_RECORD(" + name + ", a, b, c, d, e, f, g, h, i, j);\n";
        text += "std::string use(" + name + " const& r, kvt::json const& j) { auto v = kvt::from_json<" + name +
                ">(j); (void)v; return kvt::dump(kvt::to_json(r)) + kvt::to_csv(std::span<" + name + " const>{&r, 1}); }\n";
    }
    return text;
}

/// `n` stages, run as a pipeline or as nested calls.
[[nodiscard]] inline std::string stages_program(std::size_t n, bool piped) {
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
    text += piped ? "kvt::pipeline{" + list + "}(c)" : before + "kvt::start{}" + after;
    return text + ".value; }\n";
}

}  // namespace bench
