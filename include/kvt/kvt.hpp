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

#include <kvt/store/memory.hpp>
#include <kvt/store/session.hpp>
#include <kvt/store/sqlite.hpp>
#include <kvt/store/store.hpp>
#include <kvt/store/table.hpp>
#include <kvt/store/value.hpp>
#include <kvt/store/where.hpp>

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

#include <kvt/eval/exact_match.hpp>
#include <kvt/eval/metric.hpp>
#include <kvt/eval/metrics.hpp>
#include <kvt/eval/scoring.hpp>
#include <kvt/eval/taxonomy.hpp>
#include <kvt/eval/token_f1.hpp>

#include <kvt/model/attention_observer.hpp>
#include <kvt/model/kernels.hpp>
#include <kvt/model/kv_storage.hpp>
#include <kvt/model/packed_matrix.hpp>
#include <kvt/model/shape.hpp>
#include <kvt/model/transformer.hpp>
#include <kvt/model/weights.hpp>
#include <kvt/model/workspace.hpp>

#include <kvt/cache/budget.hpp>
#include <kvt/cache/receipt.hpp>

#include <kvt/analysis/aggregate.hpp>
#include <kvt/analysis/attribution.hpp>
#include <kvt/analysis/baseline_drop.hpp>
#include <kvt/analysis/bin_stats.hpp>
#include <kvt/analysis/compare.hpp>
#include <kvt/analysis/detector.hpp>
#include <kvt/analysis/detectors.hpp>
#include <kvt/analysis/efficiency.hpp>
#include <kvt/analysis/instability.hpp>
#include <kvt/analysis/length_trend.hpp>
#include <kvt/analysis/mean_drop.hpp>
#include <kvt/analysis/mean_drop_all.hpp>
#include <kvt/analysis/monotonicity.hpp>
#include <kvt/analysis/paired_bins.hpp>
#include <kvt/analysis/surface.hpp>

#include <kvt/engine/engine.hpp>

#include <kvt/harness/analyze.hpp>
#include <kvt/harness/artifacts.hpp>
#include <kvt/harness/experiment.hpp>
#include <kvt/harness/findings.hpp>
#include <kvt/harness/group.hpp>
#include <kvt/harness/guards.hpp>
#include <kvt/harness/integrity.hpp>
#include <kvt/harness/ledger.hpp>
#include <kvt/harness/measured.hpp>
#include <kvt/harness/observe.hpp>
#include <kvt/harness/prerequisites.hpp>
#include <kvt/harness/run.hpp>
#include <kvt/harness/schema.hpp>
