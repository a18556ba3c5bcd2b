#include <kvt/config/revision.hpp>

#include <doctest/doctest.h>

#include <support/scratch_folder.hpp>

using kvt::config::code_revision;

namespace {
std::string const one(40, '1'), two(40, '2');
}

TEST_CASE("a branch: its own file, else the packed references, of which its own file wins") {
    scratch_folder const top;
    (void)top.file(".git/HEAD", "ref: refs/heads/main\n");
    CHECK(code_revision(top.path).empty());  // nothing committed yet
    (void)top.file(".git/packed-refs", "# pack-refs with: peeled fully-peeled sorted\n" + one +
                                           " refs/heads/main-old\n" + two + " refs/heads/main\n^" + one + "\n");
    CHECK(code_revision(top.path) == two);
    (void)top.file(".git/refs/heads/main", one + "\n");
    CHECK(code_revision(top.path) == one);
    (void)top.file(".git/HEAD", "ref: refs/heads/other\n");
    CHECK(code_revision(top.path).empty());
}

TEST_CASE("a detached head is the commit itself") {
    scratch_folder const top;
    (void)top.file(".git/HEAD", two + "\n");
    CHECK(code_revision(top.path) == two);
}

TEST_CASE("a linked work tree has a head of its own and shares the references") {
    scratch_folder const top;
    (void)top.file("main/.git/HEAD", "ref: refs/heads/main\n");
    (void)top.file("main/.git/refs/heads/main", one + "\n");
    (void)top.file("main/.git/refs/heads/feature", two + "\n");
    (void)top.file("main/.git/worktrees/linked/HEAD", "ref: refs/heads/feature\n");
    (void)top.file("main/.git/worktrees/linked/commondir", "../..\n");
    (void)top.file("linked/.git", "gitdir: " + (top / "main/.git/worktrees/linked") + "\n");
    (void)top.file("beside/.git", "gitdir: ../main/.git/worktrees/linked\n");
    CHECK(code_revision(top / "main") == one);
    CHECK(code_revision(top / "linked") == two);
    CHECK(code_revision(top / "beside") == two);
}

TEST_CASE("no work tree, no revision") {
    scratch_folder const top;
    CHECK(code_revision(top.path).empty());
    CHECK(code_revision(top / "none").empty());
    (void)top.file(".git", "something else\n");
    CHECK(code_revision(top.path).empty());
}
