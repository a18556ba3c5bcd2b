// The engine folder's definitions, compiled once into kvt::compiled.
#include <kvt/engine/detail/discovery.ipp>
#include <kvt/engine/detail/embedded.ipp>
#include <kvt/engine/detail/evidence.ipp>
#include <kvt/engine/detail/kv_body.ipp>
#include <kvt/engine/detail/language_model.ipp>
#include <kvt/engine/detail/loop_thread.ipp>
#include <kvt/engine/detail/mock.ipp>
#include <kvt/engine/detail/notes.ipp>
#include <kvt/engine/detail/openai.ipp>
#include <kvt/engine/detail/prefill_store.ipp>
#include <kvt/engine/detail/probe.ipp>
#include <kvt/engine/detail/served_request.ipp>
#include <kvt/engine/detail/server.ipp>
#include <kvt/engine/detail/step_journal.ipp>
#include <kvt/engine/detail/step_options.ipp>
#include <kvt/engine/detail/transport.ipp>
#include <kvt/engine/detail/wire.ipp>
