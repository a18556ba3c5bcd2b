// The net folder's definitions, compiled once into kvt::compiled.
#include <kvt/net/detail/http.ipp>
#include <kvt/net/detail/http_client.ipp>
#include <kvt/net/detail/http_server.ipp>
#include <kvt/net/detail/sse.ipp>
#include <kvt/net/detail/tls.ipp>
#include <kvt/net/detail/url.ipp>
