import { expect, test } from 'vitest'
import { cameraAt, seenBy } from './fly'

const size = { width: 1000, height: 700 }

test('a camera at zoom 0 sees so much of the world, 512 pixels wide, as the screen has pixels', () => {
  const seen = seenBy({ longitude: 10, latitude: 0, zoom: 1 }, { width: 512, height: 512 })
  expect(seen.east - seen.west).toBeCloseTo(180, 9)
  expect([seen.west, seen.east]).toEqual([-80, 100])
  expect(seen.north).toBeCloseTo(66.51326, 4) // where Mercator has half of a quarter's height
  expect(seen.south).toBeCloseTo(-66.51326, 4)
})

test('what a camera at a rectangle sees holds the rectangle in its middle, with a margin of a fifth', () => {
  const bbox = [105.3420847, 8.9710116, 105.3819749, 8.9955353]
  const [west, south, east, north] = bbox as [number, number, number, number]
  const seen = seenBy(cameraAt(bbox, size), size)
  expect((seen.west + seen.east) / 2).toBeCloseTo((west + east) / 2, 6)
  expect((seen.south + seen.north) / 2).toBeCloseTo((south + north) / 2, 4)
  const [across, up] = [(east - west) / (seen.east - seen.west), (north - south) / (seen.north - seen.south)]
  expect(Math.max(across, up)).toBeCloseTo(0.6, 3)
})

test('a point is not flown into without end', () => expect(cameraAt([105, 9, 105, 9], size)).toEqual({ longitude: 105, latitude: expect.closeTo(9, 9) as number, zoom: 15 }))
