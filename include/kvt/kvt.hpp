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

#include <kvt/cache/budget.hpp>
#include <kvt/cache/receipt.hpp>

#include <kvt/engine/engine.hpp>

#include <kvt/harness/schema.hpp>
