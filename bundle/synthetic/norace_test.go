//go:build !race

package synthetic

// raceDetector says whether the race detector watches.
const raceDetector = false
