// The test programs' main: doctest's, except that a filter which matches no test case is a failure.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>

namespace {

unsigned matched = 0;

struct counter : doctest::IReporter {
    explicit counter(doctest::ContextOptions const&) {}
    void test_run_end(doctest::TestRunStats const& run) override { matched = run.numTestCasesPassingFilters; }
    void report_query(doctest::QueryData const&) override {}
    void test_run_start() override {}
    void test_case_start(doctest::TestCaseData const&) override {}
    void test_case_reenter(doctest::TestCaseData const&) override {}
    void test_case_end(doctest::CurrentTestCaseStats const&) override {}
    void test_case_exception(doctest::TestCaseException const&) override {}
    void subcase_start(doctest::SubcaseSignature const&) override {}
    void subcase_end() override {}
    void log_assert(doctest::AssertData const&) override {}
    void log_message(doctest::MessageData const&) override {}
    void test_case_skipped(doctest::TestCaseData const&) override {}
};

}  // namespace

REGISTER_LISTENER("counter", 1, counter);

int main(int argc, char** argv) {
    doctest::Context context{argc, argv};
    int const failed = context.run();
    if (context.shouldExit()) return failed;
    if (matched == 0) {
        std::fputs("no test case matched\n", stderr);
        return 1;
    }
    return failed;
}
