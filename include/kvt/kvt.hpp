// Everything, as a plain list.
#pragma once

#include <kvt/version.hpp>

#include <kvt/core/context.hpp>
#include <kvt/core/csv.hpp>
#include <kvt/core/error.hpp>
#include <kvt/core/fixed_string.hpp>
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

#include <kvt/tensor/archive.hpp>
#include <kvt/tensor/dense.hpp>
#include <kvt/tensor/half.hpp>
#include <kvt/tensor/mapped_file.hpp>
#include <kvt/tensor/safetensors.hpp>
#include <kvt/tensor/safetensors_writer.hpp>
#include <kvt/tensor/view.hpp>

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

#include <kvt/engine/engine.hpp>

#include <kvt/harness/schema.hpp>
