//go:build race

package synthetic

// raceDetector says whether the race detector watches; what it watches takes ten times as long.
const raceDetector = true
