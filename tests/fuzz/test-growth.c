/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <time.h>

/* What takes a reader longest: much of the same. Of sixteen times as much it takes sixteen times as long, and not the
 * square of that. What counts is the processor time of this process, which does not depend on what else runs. */

#define FACTOR 16
#define MOST (FACTOR * 4)     /* larger inputs miss the caches, and have their memory from the system */
#define MIN_TIME 0.01         /* seconds that can be measured */
#define MAX_SIZE (512 * 1024) /* bytes of the smaller input */
#define N_TRIES 4

typedef int (*ReadFunc) (const uint8_t *data, size_t size);

#define DECLARE(name) int fuzz_##name (const uint8_t *data, size_t size);
DECLARE (ansi)
DECLARE (frames)
DECLARE (judge)
DECLARE (log)
DECLARE (log_line)
DECLARE (manifest)
DECLARE (meson)
DECLARE (overrides)
DECLARE (resume)
DECLARE (text)
DECLARE (values)

/* (Not among these: fixtures one behind the other, of which each hands its values on to all that follow; and very many
 * resources or groups of one test.)
 *
 * In a unit @ is its number, from 1 on, and ^ the one before. */
typedef struct
{
  const char *name;
  ReadFunc read;
  const char *prefix;
  const char *unit;
  gsize unit_length;
  const char *suffix;
} Shape;

#define SHAPE(reader, what, before, repeated, after)                                                         \
  {                                                                                                          \
    .name = "/growth/" #reader "/" what, .read = fuzz_##reader, .prefix = before, .unit = repeated,          \
    .unit_length = sizeof repeated - 1, .suffix = after                                                      \
  }
#define MANIFEST(what, repeated, after)                                                                      \
  SHAPE (manifest, what, "{\"dagsched\":1,\"tests\":[{\"name\":\"t0\",\"command\":[\"x\"]}", repeated, after)
#define MANIFEST_TEST(what, before, repeated, after)                                                         \
  SHAPE (manifest, what, "{\"dagsched\":1,\"tests\":[{\"name\":\"t0\",\"command\":[\"x\"]," before,          \
         repeated, after "}]}")
#define MESON(what, before, repeated, after)                                                                 \
  SHAPE (meson, what, "[{\"name\":\"a\",\"cmd\":[\"x\"],\"suite\":[]" before, repeated, after "]")
#define LOG_HEADER "{\"dagsched-log\":1,\"n-tests\":1000000,\"n-workers\":2}\n"
#define LOG(what, before, repeated) SHAPE (log, what, LOG_HEADER before, repeated, "")
#define FOUR                                                                                                 \
  "{\"dagsched-log\":1,\"n-tests\":4,\"n-workers\":2}\n{\"test\":0,\"name\":\"a\"}\n"                        \
  "{\"test\":1,\"name\":\"b\",\"depends\":[[0,\"success\"]]}\n"                                              \
  "{\"test\":2,\"name\":\"c\",\"depends\":[[1,\"success\"]]}\n"                                              \
  "{\"test\":3,\"name\":\"d\",\"depends\":[[2,\"success\"]]}\n"
#define TAP "\001\001A\001"
#define RUST "\004\001A\001"

static const Shape shapes[] = {
  MANIFEST ("tests", ",{\"name\":\"t@\",\"command\":[\"x\"]}", "]}"),
  MANIFEST ("chain", ",{\"name\":\"t@\",\"command\":[\"x\"],\"depends\":[\"t^\"]}", "]}"),
  MANIFEST ("fan", ",{\"name\":\"t@\",\"command\":[\"x\"],\"depends\":[\"t0\"]}", "]}"),
  MANIFEST ("users",
            ",{\"name\":\"t@\",\"command\":[\"x\"],\"fixture\":{\"cleanup\":\"c@\"}},{\"name\":\"c@\","
            "\"command\":[\"x\"]},"
            "{\"name\":\"u@\",\"command\":[\"x\"],\"depends\":[\"t@\"]}",
            "]}"),
  MANIFEST ("same-names", ",{\"name\":\"t0\",\"command\":[\"x\"]}", "]}"),
  MANIFEST ("missing", ",{\"name\":\"t@\",\"command\":[\"x\"],\"depends\":[\"m@\"]}", "]}"),
  MANIFEST ("cycles",
            ",{\"name\":\"t@\",\"command\":[\"x\"],\"depends\":[\"u@\"]},{\"name\":\"u@\",\"command\":[\"x\"]"
            ",\"depends\":[\"t@\"]}",
            "]}"),
  MANIFEST ("one-cycle",
            ",{\"name\":\"t@\",\"command\":[\"x\"],\"depends\":[\"t^\",\"z\"]}",
            ",{\"name\":\"z\",\"command\":[\"x\"],\"depends\":[\"t1\"]}]}"),
  MANIFEST (
    "groups",
    ",{\"name\":\"t@\",\"command\":[\"x\"],\"group\":{\"g@\":\"a\"},\"labels\":[\"l@\"],\"suites\":[\"s@\"]}",
    "]}"),
  MANIFEST ("resources",
            ",{\"name\":\"t@\",\"command\":[\"x\"],\"resources\":{\"r\":1}}",
            "],\"resources\":{\"r\":1}}"),
  MANIFEST_TEST ("dependencies", "\"depends\":[\"a\"", ",\"t@\"", "]"),
  MANIFEST_TEST ("words", "\"suites\":[\"a\"", ",\"s@\"", "]"),
  MANIFEST_TEST ("arguments", "\"env\":{\"A\":\"\"", ",\"V@\":\"x\"", "}"),
  MANIFEST_TEST ("same-variables", "\"env\":{\"A\":\"\"", ",\"V\":\"x\"", "}"),
  MANIFEST_TEST ("unknown", "\"timeout\":1", ",\"V@\":1", ""),
  MANIFEST_TEST ("twice", "\"timeout\":1", ",\"timeout\":1", ""),
  MANIFEST_TEST ("escapes", "\"disabled\":\"", "\\u00e9", "\""),
  SHAPE (manifest, "capacities", "{\"dagsched\":1,\"resources\":{\"a\":1", ",\"r@\":1", "}}"),
  SHAPE (manifest, "includes", "{\"dagsched\":1,\"include\":[\"a\"", ",\"no-file-@\"", "]}"),
  SHAPE (manifest, "deep", "", "[", ""),
  SHAPE (manifest, "lines", "", "\n", "x"),
  SHAPE (overrides,
         "patterns",
         "{\"dagsched-overrides\":1,\"tests\":{\"a\":{}",
         ",\"d*@\":{\"timeout\":1}",
         "}}"),
  SHAPE (overrides, "same", "{\"dagsched-overrides\":1,\"tests\":{\"a\":{}", ",\"d*\":{\"timeout\":1}", "}}"),
  MESON ("same-names", "}", ",{\"name\":\"a\",\"cmd\":[\"x\"],\"suite\":[]}", ""),
  MESON ("numbered-names",
         "}",
         ",{\"name\":\"a #@\",\"cmd\":[\"x\"],\"suite\":[]},{\"name\":\"a\",\"cmd\":[\"x\"],\"suite\":[]}",
         ""),
  MESON ("variables", ",\"env\":{\"A\":\"\"", ",\"V@\":\"x\"", "}}"),
  MESON ("suites", "}", ",{\"name\":\"a\",\"cmd\":[\"x\"],\"suite\":[\"p:a@\",\"p:b\"]}", ""),
  SHAPE (judge, "points", TAP, "ok\n", ""),
  SHAPE (judge, "failures", TAP, "not ok @ - x # TODO\n", ""),
  SHAPE (judge, "yaml", TAP "ok\n  ---\n", "  a\n", ""),
  SHAPE (judge, "one-line", TAP "ok ", "#", ""),
  SHAPE (judge, "blanks", TAP "ok", " ", "# skip"),
  SHAPE (judge, "backslashes", TAP "ok ", "\\", ""),
  SHAPE (judge, "bytes", TAP "ok ", "\xff", ""),
  SHAPE (judge, "rust", RUST, "test a ... FAILED\n", ""),
  SHAPE (judge, "rust-one-line", RUST "test ", " ... ", "ok"),
  SHAPE (values, "names", "", "A@=1\n", ""),
  SHAPE (values, "comments", "", "#\n", ""),
  SHAPE (values, "one-line", "A=", "=", ""),
  SHAPE (text, "sequences", "", "\033[", ""),
  SHAPE (text, "strings", "", "\033]", ""),
  SHAPE (text, "parameters", "\033[", ";", ""),
  SHAPE (text, "returns", "", "\r", "x"),
  SHAPE (text, "lines", "", "\n", "x"),
  SHAPE (text, "marks", "a", "\xcc\x81", ""),
  SHAPE (text, "bytes", "", "\xe2\x80", ""),
  SHAPE (ansi, "sequences", "\001", "\033[", ""),
  SHAPE (ansi, "strings", "\001\033]", "x", ""),
  SHAPE (ansi, "colours", "\001", "\033[38;2;1;2;@mx", ""),
  SHAPE (ansi, "parameters", "\001\033[", "1;", "m"),
  SHAPE (ansi, "moves", "\001", "\033[3999Gx\r", ""),
  SHAPE (ansi, "erased", "\001", "x\033[2K\r", ""),
  SHAPE (ansi, "returns", "\001", "x\r", ""),
  SHAPE (ansi, "tabs", "\001", "\t\b\b", ""),
  SHAPE (ansi, "one-line", "\001", "x", ""),
  SHAPE (ansi, "marks", "\001a", "\xcc\x81", ""),
  SHAPE (frames, "numbers", "", "\011\0\0\0\003\0\0\0\0\0\0\0\0", ""),
  SHAPE (frames, "unknown", "", "\001\0\0\0\377", ""),
  LOG ("tests", "{\"test\":0,\"name\":\"a\"}\n", "{\"test\":@,\"name\":\"t@\"}\n"),
  LOG ("chain",
       "{\"test\":0,\"name\":\"a\"}\n",
       "{\"test\":@,\"name\":\"t@\",\"depends\":[[^,\"success\"]]}\n"
       "{\"event\":\"finished\",\"test\":@,\"outcome\":\"blocked\",\"blocked-by\":^}\n"),
  LOG ("fan",
       "{\"test\":0,\"name\":\"a\"}\n",
       "{\"test\":@,\"name\":\"t@\",\"depends\":[[0,\"success\"]]}\n"
       "{\"event\":\"finished\",\"test\":@,\"outcome\":\"failed\",\"reason\":\"r@\"}\n"),
  LOG ("same-names", "{\"test\":0,\"name\":\"a\"}\n", "{\"test\":@,\"name\":\"a\",\"suites\":[\"s@\"]}\n"),
  LOG ("attempts", "{\"test\":0,\"name\":\"a\"}\n", "{\"event\":\"attempt\",\"test\":0,\"attempt\":@}\n"),
  LOG ("starts", "{\"test\":0,\"name\":\"a\"}\n", "{\"event\":\"started\",\"test\":0,\"attempt\":@}\n"),
  LOG ("torn", "{\"test\":0,\"name\":\"a\"}\n", "{\n"),
  LOG ("empty", "{\"test\":0,\"name\":\"a\"}\n", "\n"),
  SHAPE (log,
         "dependencies",
         LOG_HEADER "{\"test\":0,\"name\":\"a\",\"depends\":[[0,\"success\"]",
         ",[0,\"always\"]",
         "]}\n"),
  SHAPE (
    log,
    "output",
    LOG_HEADER
    "{\"test\":0,\"name\":\"a\"}\n{\"event\":\"attempt\",\"test\":0,\"outcome\":\"failed\",\"stdout\":\"",
    "\\n\\u001b[",
    "\"}\n"),
  SHAPE (log_line, "deep", "{\"event\":\"attempt\",\"x\":", "[", ""),
  SHAPE (log_line, "escapes", "{\"event\":\"attempt\",\"stdout\":\"", "\\u00e9", "\"}"),
  SHAPE (log_line, "members", "{\"event\":\"attempt\"", ",\"m@\":1", "}"),
  SHAPE (resume,
         "attempts",
         FOUR,
         "{\"event\":\"attempt\",\"test\":0,\"attempt\":@,\"outcome\":\"failed\",\"will-retry\":true}\n",
         "{\"event\":\"finished\",\"test\":0,\"outcome\":\"failed\"}\n"),
};

static GString *
make_input (const Shape *shape, guint n)
{
  GString *input = g_string_new (shape->prefix);

  for (guint i = 1; i <= n; i++)
    for (gsize j = 0; j < shape->unit_length; j++)
      {
        if (shape->unit[j] == '@' || shape->unit[j] == '^')
          g_string_append_printf (input, "%u", shape->unit[j] == '@' ? i : i - 1);
        else
          g_string_append_c (input, shape->unit[j]);
      }
  return g_string_append (input, shape->suffix);
}

static double
measure (const Shape *shape, guint n)
{
  g_autoptr (GString) input = make_input (shape, n);
  struct timespec before, after;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &before);
  shape->read ((const uint8_t *) input->str, input->len);
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &after);
  return (double) (after.tv_sec - before.tv_sec) + (double) (after.tv_nsec - before.tv_nsec) / 1e9;
}

static guint
find_number (const Shape *shape)
{
  guint n = 64;

  while (n * shape->unit_length < MAX_SIZE && measure (shape, n) < MIN_TIME)
    n *= 2;
  return n;
}

static void
test_shape (gconstpointer data)
{
  const Shape *shape = data;
  guint n = find_number (shape);
  double small = G_MAXDOUBLE, large = G_MAXDOUBLE;

  /* The best of a few, as what disturbs only adds. */
  for (guint i = 0; i < N_TRIES && (i == 0 || large > MOST * small); i++)
    {
      double again = measure (shape, n);

      small = MIN (small, again);
      again = measure (shape, n * FACTOR);
      large = MIN (large, again);
    }
  if (large > MOST * MAX (small, MIN_TIME / 2))
    g_test_fail_printf ("%u: %.4f s, %u: %.4f s", n, small, n * FACTOR, large);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    g_test_add_data_func (shapes[i].name, &shapes[i], test_shape);
  return g_test_run ();
}
