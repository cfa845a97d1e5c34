//go:build !race

package main

// manyBadRows is how many rejected rows the memory test makes.
const manyBadRows = 500_000
