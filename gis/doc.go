// Package gis holds what the project knows of geometry without a database: shapes and
// their encodings, the zoom bands of generalised shapes and the generalisation itself,
// choropleth classes and colours, geodesic nearest neighbours, and the reference systems
// Vietnamese files come in.
//
// Longitudes and latitudes are degrees on WGS 84, in that order, unless a name says
// otherwise.
package gis
