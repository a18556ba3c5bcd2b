// Everything, as a plain list.
#pragma once

#include <kvt/version.hpp>

#include <kvt/core/context.hpp>
#include <kvt/core/csv.hpp>
#include <kvt/core/error.hpp>
#include <kvt/core/fixed_string.hpp>
#include <kvt/core/format_number.hpp>
#include <kvt/core/function_view.hpp>
#include <kvt/core/hana.hpp>
#include <kvt/core/hash.hpp>
#include <kvt/core/json.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/core/progress.hpp>
#include <kvt/core/random.hpp>
#include <kvt/core/record.hpp>
#include <kvt/core/registry.hpp>
#include <kvt/core/stage.hpp>
#include <kvt/core/text_file.hpp>

#include <kvt/exec/executor.hpp>
#include <kvt/exec/reduce.hpp>

#include <kvt/config/choices.hpp>
#include <kvt/config/environment.hpp>
#include <kvt/config/hash.hpp>
#include <kvt/config/load.hpp>
#include <kvt/config/merge.hpp>
#include <kvt/config/overrides.hpp>
#include <kvt/config/paths.hpp>
#include <kvt/config/settings.hpp>
#include <kvt/config/template.hpp>
#include <kvt/config/validate.hpp>
#include <kvt/config/yaml.hpp>

#include <kvt/store/memory.hpp>
#include <kvt/store/session.hpp>
#include <kvt/store/sqlite.hpp>
#include <kvt/store/store.hpp>
#include <kvt/store/table.hpp>
#include <kvt/store/value.hpp>
#include <kvt/store/where.hpp>

#include <kvt/report/chart.hpp>
#include <kvt/report/document.hpp>
#include <kvt/report/heat_map.hpp>
#include <kvt/report/html.hpp>
#include <kvt/report/markdown.hpp>
#include <kvt/report/palette.hpp>
#include <kvt/report/phrase.hpp>
#include <kvt/report/plain_text.hpp>
#include <kvt/report/plot.hpp>
#include <kvt/report/renderer.hpp>
#include <kvt/report/table.hpp>

#include <kvt/numeric/bootstrap.hpp>
#include <kvt/numeric/changepoint.hpp>
#include <kvt/numeric/corrections.hpp>
#include <kvt/numeric/hinge.hpp>
#include <kvt/numeric/hypothesis.hpp>
#include <kvt/numeric/interval.hpp>
#include <kvt/numeric/isotonic.hpp>
#include <kvt/numeric/logistic.hpp>
#include <kvt/numeric/moments.hpp>
#include <kvt/numeric/mt19937_reference.hpp>
#include <kvt/numeric/normal.hpp>
#include <kvt/numeric/quantile.hpp>

#include <kvt/text/lookup_words.hpp>
#include <kvt/text/normalize.hpp>
#include <kvt/text/overlap.hpp>
#include <kvt/text/tokens.hpp>
#include <kvt/text/unicode.hpp>
#include <kvt/text/utf8.hpp>

#include <kvt/tensor/archive.hpp>
#include <kvt/tensor/dense.hpp>
#include <kvt/tensor/half.hpp>
#include <kvt/tensor/mapped_file.hpp>
#include <kvt/tensor/safetensors.hpp>
#include <kvt/tensor/safetensors_writer.hpp>
#include <kvt/tensor/view.hpp>

#include <kvt/net/http.hpp>
#include <kvt/net/http_client.hpp>
#include <kvt/net/http_server.hpp>
#include <kvt/net/sse.hpp>
#include <kvt/net/tls.hpp>
#include <kvt/net/url.hpp>

#include <kvt/data/binning.hpp>
#include <kvt/data/canonical.hpp>
#include <kvt/data/constructed_lookup.hpp>
#include <kvt/data/example.hpp>
#include <kvt/data/fault.hpp>
#include <kvt/data/fixed_bins.hpp>
#include <kvt/data/jsonl.hpp>
#include <kvt/data/jsonl_file.hpp>
#include <kvt/data/lines.hpp>
#include <kvt/data/load.hpp>
#include <kvt/data/longbench.hpp>
#include <kvt/data/manifest.hpp>
#include <kvt/data/policies.hpp>
#include <kvt/data/recall.hpp>
#include <kvt/data/ruler.hpp>
#include <kvt/data/sampling.hpp>
#include <kvt/data/sampling_settings.hpp>
#include <kvt/data/source.hpp>
#include <kvt/data/tokenizer.hpp>
#include <kvt/data/word_tokenizer.hpp>
