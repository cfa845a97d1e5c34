//go:build !race

package main

// manyBadRows is how many rejected rows the memory test makes: held in memory they would take twice what is allowed.
const manyBadRows = 2_000_000

// servedMemory is the memory, in MB, that serving a small province may ever take.
const servedMemory = 300

// memoryIsMeasured tells whether the memory a program takes is its own.
const memoryIsMeasured = true
