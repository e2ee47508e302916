/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-error.h"

/**
 * dagsched_error_quark:
 *
 * Gets the error domain of the library.
 *
 * Returns: the quark
 *
 * Since: 1.0
 */
/* clang-format off */
G_DEFINE_QUARK (dagsched-error-quark, dagsched_error)
/* clang-format on */
