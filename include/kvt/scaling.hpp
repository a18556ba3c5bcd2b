// All of kvt/scaling: which model size a compute budget is spent on best, planned, trained, fitted and drawn.
#pragma once

#include <kvt/core/context.hpp>
#include <kvt/core/pipeline.hpp>
#include <kvt/scaling/buckets.hpp>
#include <kvt/scaling/experiment.hpp>
#include <kvt/scaling/fault.hpp>
#include <kvt/scaling/fit.hpp>
#include <kvt/scaling/law_fit.hpp>
#include <kvt/scaling/laws.hpp>
#include <kvt/scaling/log_grid.hpp>
#include <kvt/scaling/loss_surface.hpp>
#include <kvt/scaling/mock_training.hpp>
#include <kvt/scaling/optimum.hpp>
#include <kvt/scaling/parametric.hpp>
#include <kvt/scaling/plan.hpp>
#include <kvt/scaling/planner.hpp>
#include <kvt/scaling/power_law.hpp>
#include <kvt/scaling/probe_planner.hpp>
#include <kvt/scaling/scaling_laws.hpp>
#include <kvt/scaling/settings.hpp>
#include <kvt/scaling/surface_objective.hpp>
#include <kvt/scaling/train.hpp>
#include <kvt/scaling/trainer.hpp>
#include <kvt/scaling/training_run.hpp>
