// Two files that include every header in opposite orders are one program.
#include <cstdio>
#include <string>

void const* function_forward();
void const* function_backward();
std::string text_forward();
std::string text_backward();

int main() {
    bool const same = function_forward() == function_backward() && text_forward() == text_backward();
    std::puts(same ? "one definition" : "two definitions");
    return same ? 0 : 1;
}
