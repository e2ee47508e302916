/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-version.h"

/**
 * dagsched_get_version:
 *
 * Gets the version of the library that the program runs with.
 *
 * May be called from any thread.
 *
 * Returns: (transfer none): the version, such as `1.0.0`
 *
 * Since: 1.0
 */
const char *
dagsched_get_version (void)
{
  return DAGSCHED_VERSION;
}
