// A circle on the ground, for drawing alone: what a site reaches is counted by the server, on the ellipsoid.
import type { Position } from 'geojson'

const radius = 6_371_008.8 // the mean radius of the earth (IUGG), metres; less than 0.6 % off the ellipsoid anywhere

/** The ring of points at a distance, in metres, from a longitude and latitude: closed, anticlockwise. */
export function ringAround([longitude, latitude]: [number, number], metres: number, corners = 64): Position[] {
  const angle = metres / radius
  const [x, y] = [(longitude * Math.PI) / 180, (latitude * Math.PI) / 180]
  return Array.from({ length: corners + 1 }, (_, index) => {
    const bearing = (-2 * Math.PI * (index % corners)) / corners
    const north = Math.asin(Math.sin(y) * Math.cos(angle) + Math.cos(y) * Math.sin(angle) * Math.cos(bearing))
    const east = x + Math.atan2(Math.sin(bearing) * Math.sin(angle) * Math.cos(y), Math.cos(angle) - Math.sin(y) * Math.sin(north))
    return [(east * 180) / Math.PI, (north * 180) / Math.PI]
  })
}
