// The config folder's definitions, compiled once into kvt::compiled.
#include <kvt/config/detail/environment.ipp>
#include <kvt/config/detail/hash.ipp>
#include <kvt/config/detail/load.ipp>
#include <kvt/config/detail/merge.ipp>
#include <kvt/config/detail/overrides.ipp>
#include <kvt/config/detail/paths.ipp>
#include <kvt/config/detail/revision.ipp>
#include <kvt/config/detail/settings.ipp>
#include <kvt/config/detail/validate.ipp>
#include <kvt/config/detail/validate_optional.ipp>
#include <kvt/config/detail/yaml.ipp>
