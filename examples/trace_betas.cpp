// What a step costs, from a log of phases alone. Includes kvt/trace.hpp and links neither a network nor a SQL library.
//
//   trace_betas [FILE.csv | FOLDER] [CHUNK_SIZE]     without a file, a simulated engine's log is written to FOLDER and read
#include <kvt/trace.hpp>

#include <cstdio>
#include <cstdlib>

using namespace kvt;

namespace {

/// An engine whose costs are known: 8 ms a step, 40 us a prefill token, 150 us a decode token.
std::string simulated(std::string const& folder) {
    random_stream draws{1, "trace_betas"};
    std::vector<trace::request> load;
    for (double at = 0; load.size() < 2000; at += 0.3 * draws.unit())
        load.push_back({"q" + std::to_string(load.size()), at, static_cast<std::int64_t>(1 + draws.below(2000)),
                        static_cast<std::int64_t>(2 + draws.below(150))});
    auto const run = trace::simulate(load, {.beta0 = 0.008, .beta1 = 4e-5, .beta2 = 1.5e-4});
    auto path = folder + "/phases.csv";
    write_file(path, to_csv<trace::phase>(run.phases));
    return path;
}

}  // namespace

int main(int argc, char** argv) try {
    std::string const first = argc > 1 ? argv[1] : "runs/trace_betas";
    bool const given = first.ends_with(".csv") || first.ends_with(".gz");
    double const chunk_size = argc > 2 ? std::atof(argv[2]) : 512;

    trace::baseline const simple;
    trace::iterative const robust;
    auto const lab = pipeline{
        trace::read{given ? first : simulated(first)},
        trace::check{{.chunk_size = chunk_size}, simple, robust},
        trace::expose{},
        trace::estimate{simple, robust},
    };
    run_context context;
    auto const [a, b] = lab(context);
    std::fputs((trace::describe(a) + "\n" + trace::describe(b)).c_str(), stdout);
    auto const advice = trace::which_to_trust(a, b);
    std::printf("\nTrust %s: %s.\n", std::string{name_of(advice.use)}.c_str(), advice.reason.c_str());
} catch (error const& e) {
    std::fprintf(stderr, "trace_betas: %s\n", e.what());
    return e.exit_code();
}
