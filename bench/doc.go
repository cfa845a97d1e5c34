// Package bench measures what the README claims, as ratios to the least that would do the
// same: hand-written SQL for the questions, COPY and a spatial join for the import. Both
// sides of a ratio run by turns in one process on one server, so that a busy machine slows
// both. `make bench` runs it and prints the tables of BENCHMARKS.md; VUNGLOM_BENCH_SCALE
// (default 1) sets the size of the demo province it runs on.
package bench
