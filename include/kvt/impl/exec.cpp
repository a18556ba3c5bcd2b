// The exec folder's definitions, compiled once into kvt::compiled.
#include <kvt/exec/detail/executor.ipp>
