// A circle on the ground: all that is so many metres away on the WGS 84 ellipsoid, as the server counts who is within reach.
import type { Position } from 'geojson'

const [a, f] = [6_378_137, 1 / 298.257223563]
const b = a * (1 - f)
const radians = Math.PI / 180

/** Where one gets from a position along a geodesic: so many metres, at first so many degrees east of north. Vincenty's direct formula (1975). */
export function along([longitude, latitude]: [number, number], azimuth: number, metres: number): [number, number] {
  const [sinAzimuth, cosAzimuth] = [Math.sin(azimuth * radians), Math.cos(azimuth * radians)]
  const tanU = (1 - f) * Math.tan(latitude * radians)
  const cosU = 1 / Math.hypot(1, tanU)
  const sinU = tanU * cosU
  const sigma1 = Math.atan2(tanU, cosAzimuth)
  const sinAlpha = cosU * sinAzimuth
  const cosSqAlpha = 1 - sinAlpha ** 2
  const u2 = (cosSqAlpha * (a * a - b * b)) / (b * b)
  const A = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
  const B = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))
  let sigma = metres / (b * A)
  let cos2M = 0
  for (let before = Infinity; Math.abs(sigma - before) > 1e-12; ) {
    cos2M = Math.cos(2 * sigma1 + sigma)
    const [sin, cos] = [Math.sin(sigma), Math.cos(sigma)]
    const more = B * sin * (cos2M + (B / 4) * (cos * (2 * cos2M ** 2 - 1) - (B / 6) * cos2M * (4 * sin ** 2 - 3) * (4 * cos2M ** 2 - 3)))
    before = sigma
    sigma = metres / (b * A) + more
  }
  const [sin, cos] = [Math.sin(sigma), Math.cos(sigma)]
  const north = Math.atan2(sinU * cos + cosU * sin * cosAzimuth, (1 - f) * Math.hypot(sinAlpha, sinU * sin - cosU * cos * cosAzimuth))
  const lambda = Math.atan2(sin * sinAzimuth, cosU * cos - sinU * sin * cosAzimuth)
  const C = (f / 16) * cosSqAlpha * (4 + f * (4 - 3 * cosSqAlpha))
  const east = lambda - (1 - C) * f * sinAlpha * (sigma + C * sin * (cos2M + C * cos * (2 * cos2M ** 2 - 1)))
  return [longitude + east / radians, north / radians]
}

/** The ring of points at a distance, in metres, from a longitude and latitude: closed, anticlockwise. */
export function ringAround(centre: [number, number], metres: number, corners = 64): Position[] {
  return Array.from({ length: corners + 1 }, (_, index) => along(centre, (-360 * (index % corners)) / corners, metres))
}
