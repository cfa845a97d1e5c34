package gis

import "slices"

// ylGnBu is the sequential scheme YlGnBu of ColorBrewer (Cynthia Brewer and Mark Harrower,
// Pennsylvania State University, colorbrewer2.org, Apache licence 2.0), which its authors
// mark as safe for colour-blind readers with any number of classes. One and two classes,
// which ColorBrewer does not have, are taken from three.
var ylGnBu = [...][]string{
	{"#7fcdbb"},
	{"#edf8b1", "#2c7fb8"},
	{"#edf8b1", "#7fcdbb", "#2c7fb8"},
	{"#ffffcc", "#a1dab4", "#41b6c4", "#225ea8"},
	{"#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"},
	{"#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#2c7fb8", "#253494"},
	{"#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84"},
	{"#ffffd9", "#edf8b1", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#0c2c84"},
	{"#ffffd9", "#edf8b1", "#c7e9b4", "#7fcdbb", "#41b6c4", "#1d91c0", "#225ea8", "#253494", "#081d58"},
}

// Palette returns colours for n classes, 1 to 9, as #rrggbb from light to dark; a colour-blind
// reader can tell them apart. For n below 1 there are none, above 9 there are nine.
func Palette(n int) []string {
	if n < 1 {
		return nil
	}
	return slices.Clone(ylGnBu[min(n, len(ylGnBu))-1])
}
