import { expect, test } from 'vitest'
import { along, ringAround } from './circle'

test('a geodesic ends where geodesists say', () => {
  // From Flinders Peak to Buninyon, the example of the GDA94 manual: its ellipsoid is that of WGS 84 to a tenth of a millimetre.
  const [longitude, latitude] = along([144 + 25 / 60 + 29.5244 / 3600, -(37 + 57 / 60 + 3.7203 / 3600)], 306 + 52 / 60 + 5.37 / 3600, 54_972.271)
  expect(longitude).toBeCloseTo(143 + 55 / 60 + 35.3839 / 3600, 7)
  expect(latitude).toBeCloseTo(-(37 + 39 / 60 + 10.1561 / 3600), 7)
})

test('a ring is closed, anticlockwise, and as wide on the ground in every direction', () => {
  const ring = ringAround([105, 0], 3000)
  expect(ring).toHaveLength(65)
  expect(ring[0]).toEqual(ring[64])
  const area = ring.slice(1).reduce((sum, [x = 0, y = 0], index) => sum + ((ring[index]?.[0] ?? 0) * y - x * (ring[index]?.[1] ?? 0)), 0)
  expect(area).toBeGreaterThan(0)
  // At the equator a degree of longitude is 111,319.49 m, one of latitude 110,574.39 m.
  expect((ring[0]?.[1] ?? 0) * 110_574.39).toBeCloseTo(3000, 0)
  expect((105 - (ring[16]?.[0] ?? 0)) * 111_319.49).toBeCloseTo(3000, 0)
})
