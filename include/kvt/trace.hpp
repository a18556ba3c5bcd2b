// All of kvt/trace: from a log of phases to what a step costs, and from costs to what users of another load would see.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/core/csv.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/core/text_file.hpp>
#include <kvt/trace/baseline.hpp>
#include <kvt/trace/charts.hpp>
#include <kvt/trace/check.hpp>
#include <kvt/trace/correction.hpp>
#include <kvt/trace/describe.hpp>
#include <kvt/trace/estimator.hpp>
#include <kvt/trace/estimators.hpp>
#include <kvt/trace/exposure.hpp>
#include <kvt/trace/fault.hpp>
#include <kvt/trace/held_out.hpp>
#include <kvt/trace/iterative.hpp>
#include <kvt/trace/phase.hpp>
#include <kvt/trace/predict.hpp>
#include <kvt/trace/read.hpp>
#include <kvt/trace/recover.hpp>
#include <kvt/trace/request.hpp>
#include <kvt/trace/service.hpp>
#include <kvt/trace/simulate.hpp>
