#!/bin/sh
# Writes checkpoint.csv: places in every reference system on VN-2000 and their WGS 84
# longitude and latitude, computed by PROJ's cct (made with 9.1.1) from EPSG:6960's parameters as published, in the
# coordinate frame convention. Nothing of this project takes part.
# Usage: sh checkpoint.sh > checkpoint.csv
set -eu
export LC_ALL=C

shift_6960="+step +proj=cart +ellps=WGS84
 +step +proj=helmert +convention=coordinate_frame
 +x=-191.90441429 +y=-39.30318279 +z=-111.45032835
 +rx=-0.00928836 +ry=0.01975479 +rz=-0.00427372 +s=0.252906278
 +step +inv +proj=cart +ellps=WGS84"

# zone SRID PROJECTION WEST SOUTH EAST NORTH: five places in the zone's area of use
# (EPSG registry). Grid coordinates are rounded to millimetres first.
zone() {
	srid=$1 projection=$2
	echo "$3 $4 $5 $6" | awk '{
		split("0.05 0.5 0.95 0.08 0.9", u); split("0.1 0.5 0.9 0.93 0.05", v)
		for (i = 1; i <= 5; i++) printf "%.6f %.6f 0 0\n", $1 + u[i] * ($3 - $1), $2 + v[i] * ($4 - $2)
	}' |
	if [ "$projection" = longlat ]; then
		awk '{print $1, $2}'
	else
		cct -d 3 +proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step $projection +ellps=WGS84 |
			awk '{print $1, $2}'
	fi |
	while read -r x y; do
		if [ "$projection" = longlat ]; then
			inverse="+step +proj=unitconvert +xy_in=deg +xy_out=rad"
		else
			inverse="+step +inv $projection +ellps=WGS84"
		fi
		echo "$x $y 0 0" |
			cct -d 12 +proj=pipeline $inverse $shift_6960 +step +proj=unitconvert +xy_in=rad +xy_out=deg |
			awk -v start="$srid,$x,$y" '{printf "%s,%s,%s\n", start, $1, $2}'
	done
}

tm3() {
	zone "$1" "+proj=tmerc +lat_0=0 +lon_0=$2 +k=0.9999 +x_0=500000 +y_0=0" "$3" "$4" "$5" "$6"
}

echo srid,x,y,lon,lat
zone 3405 "+proj=utm +zone=48" 102.14 8.33 108 23.4
zone 3406 "+proj=utm +zone=49" 108 10.43 109.53 21.56
zone 4756 longlat 102.14 8.33 109.53 23.4
tm3 5896 102 102.14 9.2 103.51 22.82
tm3 5897 105 103.5 8.33 106.51 23.4
tm3 5898 108 106.5 8.57 109.53 22.95
tm3 5899 107.75 106.43 8.57 108.76 21.67
tm3 9205 103 102.14 20.89 103.99 22.82
tm3 9206 104 103.21 20.57 105.03 22.04
tm3 9207 104.5 103.4 8.33 105.54 10.55
tm3 9208 104.75 103.53 10.18 105.86 22.85
tm3 9209 105.5 104.33 9.19 106.69 23.4
tm3 9210 105.75 105.26 9.75 107.8 23.12
tm3 9211 106 104.83 16.92 107.03 22.7
tm3 9212 106.25 106.41 11.3 107.43 17.22
tm3 9213 106.5 105.43 21.32 106.25 22.75
tm3 9214 107 105.88 15.99 108.24 21.63
tm3 9215 107.25 106.09 21.32 107.37 22.47
tm3 9216 107.5 107.33 13.92 108.55 15.42
tm3 9217 108.25 108.55 11.25 109.53 14.71
tm3 9218 108.5 107.2 10.43 109.52 14.61
