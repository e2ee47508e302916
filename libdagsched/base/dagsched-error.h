/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "base/dagsched-version-macros.h"

G_BEGIN_DECLS

#define DAGSCHED_ERROR (dagsched_error_quark ())

/**
 * DagschedError:
 * @DAGSCHED_ERROR_FAILED: an error that no other code describes
 * @DAGSCHED_ERROR_PARSE: a file is not what its format requires; the message names file and place
 * @DAGSCHED_ERROR_UNKNOWN_TEST: a dependency, a cleanup or an override names a test that is not there
 * @DAGSCHED_ERROR_DUPLICATE_TEST: two tests of one graph have the same name
 * @DAGSCHED_ERROR_CYCLE: tests depend on each other in a circle
 * @DAGSCHED_ERROR_RESOURCE: a resource is not declared, or a test requires more than its capacity
 * @DAGSCHED_ERROR_NOT_FOUND: a file, directory or program does not exist, or no source is recognised
 * @DAGSCHED_ERROR_BUSY: the graph takes part in a run that has not ended
 * @DAGSCHED_ERROR_STALLED: tests remained that nothing could ever start
 * @DAGSCHED_ERROR_EXECUTOR: no process can be started on any worker
 * @DAGSCHED_ERROR_LOG: the run log can't be written
 * @DAGSCHED_ERROR_OPTION: an option has a value that it can't have
 *
 * The codes of the one error domain of the library.
 *
 * Since: 1.0
 */
typedef enum
{
  DAGSCHED_ERROR_FAILED,
  DAGSCHED_ERROR_PARSE,
  DAGSCHED_ERROR_UNKNOWN_TEST,
  DAGSCHED_ERROR_DUPLICATE_TEST,
  DAGSCHED_ERROR_CYCLE,
  DAGSCHED_ERROR_RESOURCE,
  DAGSCHED_ERROR_NOT_FOUND,
  DAGSCHED_ERROR_BUSY,
  DAGSCHED_ERROR_STALLED,
  DAGSCHED_ERROR_EXECUTOR,
  DAGSCHED_ERROR_LOG,
  DAGSCHED_ERROR_OPTION,
} DagschedError;

DAGSCHED_AVAILABLE_IN_1_0
GQuark dagsched_error_quark (void);

G_END_DECLS
