/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define DAGSCHED_INSIDE

#include "base/dagsched-enum-types.h"
#include "base/dagsched-enums.h"
#include "base/dagsched-error.h"
#include "base/dagsched-version.h"

#include "model/dagsched-attempt.h"
#include "model/dagsched-command-test.h"
#include "model/dagsched-func-test.h"
#include "model/dagsched-graph.h"
#include "model/dagsched-isolation.h"
#include "model/dagsched-resource.h"
#include "model/dagsched-test.h"

#include "plan/dagsched-plan.h"
#include "plan/dagsched-selection.h"

#include "run/dagsched-options.h"
#include "run/dagsched-run.h"
#include "run/dagsched-scheduler.h"
#include "run/dagsched-stats.h"
#include "run/dagsched-worker.h"

#include "store/dagsched-history.h"
#include "store/dagsched-run-log-writer.h"
#include "store/dagsched-run-log.h"

#include "source/dagsched-manifest.h"
#include "source/dagsched-source.h"

#include "live/dagsched-live-run.h"
#include "live/dagsched-live-runs.h"
#include "live/dagsched-observer.h"
#include "live/dagsched-publisher.h"

#include "report/dagsched-junit-reporter.h"
#include "report/dagsched-reporter.h"
#include "report/dagsched-tap-reporter.h"
#include "report/dagsched-terminal-reporter.h"

#undef DAGSCHED_INSIDE
