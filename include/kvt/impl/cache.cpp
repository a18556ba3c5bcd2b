// The cache folder's definitions, compiled once into kvt::compiled.
#include <kvt/cache/detail/calibration.ipp>
#include <kvt/cache/detail/resident_set.ipp>
