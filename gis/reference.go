package gis

import "strconv"

// The extent in which the project takes a place for one in Vietnam, its seas included:
// degrees of longitude and latitude, the edges belonging to it.
const (
	West  = 102.0
	East  = 118.0
	South = 6.0
	North = 24.0
)

// InVietnam tells whether a longitude and latitude in degrees lie in that extent.
func InVietnam(lon, lat float64) bool {
	return West <= lon && lon <= East && South <= lat && lat <= North
}

// vn2000Shift takes VN-2000 to WGS 84: EPSG:6960, which is published in the coordinate
// frame convention (rotations −0.00928836, 0.01975479, −0.00427372 arc-seconds). PROJ's
// +towgs84 is of the position vector convention, hence the other signs. Left to choose,
// PROJ takes EPSG:5194 in the Mekong delta, 0.7 to 0.8 m away; so it is not left to.
const vn2000Shift = "+ellps=WGS84 +towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"

// tm3Meridian is the central meridian in degrees of every 3-degree zone of VN-2000 in the
// EPSG registry (PROJ 9.1.1's), by EPSG code. EPSG:6956 to 6959 are not among them: they
// are withdrawn entries of 5896 to 5899 with false easting and northing exchanged.
var tm3Meridian = map[int]float64{
	5896: 102, 5897: 105, 5898: 108, 5899: 107.75,
	9205: 103, 9206: 104, 9207: 104.5, 9208: 104.75, 9209: 105.5, 9210: 105.75, 9211: 106,
	9212: 106.25, 9213: 106.5, 9214: 107, 9215: 107.25, 9216: 107.5, 9217: 108.25, 9218: 108.5,
}

// ProjText returns the PROJ definition to use for an EPSG code where the project pins one:
// the reference systems on VN-2000, so that their shift to WGS 84 is always EPSG:6960. For
// any other code pinned is false, and the database's own definition holds.
//
// Coordinates are (easting, northing) in metres; for EPSG:4756 (longitude, latitude) in degrees.
func ProjText(srid int) (text string, pinned bool) {
	switch srid {
	case 4756:
		return "+proj=longlat " + vn2000Shift + " +no_defs", true
	case 3405:
		return "+proj=utm +zone=48 " + vn2000Shift + " +units=m +no_defs", true
	case 3406:
		return "+proj=utm +zone=49 " + vn2000Shift + " +units=m +no_defs", true
	}
	meridian, ok := tm3Meridian[srid]
	if !ok {
		return "", false
	}
	return "+proj=tmerc +lat_0=0 +lon_0=" + strconv.FormatFloat(meridian, 'f', -1, 64) +
		" +k=0.9999 +x_0=500000 +y_0=0 " + vn2000Shift + " +units=m +no_defs", true
}
