// Where the camera has to stand to see a rectangle, and what rectangle it sees: in the web's Mercator, on tiles of 512 pixels.
import { changeView, type Camera, type Unit } from '../state'

export type Size = { width: number; height: number }

const world = 512
const x = (longitude: number) => ((longitude + 180) / 360) * world
const y = (latitude: number) => (0.5 - Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360)) / (2 * Math.PI)) * world
const longitude = (x: number) => (x / world) * 360 - 180
const latitude = (y: number) => (Math.atan(Math.exp((0.5 - y / world) * 2 * Math.PI)) * 360) / Math.PI - 90

/** The camera that sees west, south, east, north with a margin of a fifth on every side; no nearer than zoom 15. */
export function cameraAt([west = 0, south = 0, east = 0, north = 0]: number[], { width, height }: Size): Camera {
  const [left, right, top, bottom] = [x(west), x(east), y(north), y(south)]
  const zoom = Math.log2(Math.min((0.6 * width) / Math.max(right - left, 1e-9), (0.6 * height) / Math.max(bottom - top, 1e-9)))
  return { longitude: (west + east) / 2, latitude: latitude((top + bottom) / 2), zoom: Math.max(0, Math.min(15, zoom)) }
}

/** The rectangle that a camera sees. */
export function seenBy(camera: Camera, { width, height }: Size) {
  const scale = 2 ** camera.zoom
  const [halfWidth, halfHeight, middleX, middleY] = [width / 2 / scale, height / 2 / scale, x(camera.longitude), y(camera.latitude)]
  return { west: longitude(middleX - halfWidth), south: latitude(middleY + halfHeight), east: longitude(middleX + halfWidth), north: latitude(middleY - halfHeight) }
}

/** How large the map is on the screen. */
export function mapSize(): Size {
  const { clientWidth: width = 0, clientHeight: height = 0 } = document.querySelector('.stage') ?? {}
  return { width: width || 800, height: height || 600 }
}

/** Shows a unit on the map among its like, chosen. */
export function flyTo(unit: Unit, bbox: number[]) {
  changeView({ unit, level: unit.level, at: cameraAt(bbox, mapSize()), table: false })
}
