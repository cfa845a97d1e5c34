//go:build race

package main

// manyBadRows is how many rejected rows the memory test makes. The race detector keeps shadows of all memory: the same
// limit is held there by fewer rows.
const manyBadRows = 100_000

// servedMemory is the memory, in MB, that serving a small province may ever take.
const servedMemory = 1200

// memoryIsMeasured tells whether the memory a program takes is its own.
const memoryIsMeasured = false
