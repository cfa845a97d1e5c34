import { expect, test } from 'vitest'
import { ringAround } from './circle'

test('every corner is as far away as it shall be', () => {
  const centre: [number, number] = [105.15, 9.18]
  const ring = ringAround(centre, 3000)
  expect(ring).toHaveLength(65)
  expect(ring[0]).toEqual(ring[64])
  const rad = Math.PI / 180
  for (const [x = 0, y = 0] of ring) {
    // The haversine, which the ring is not made with.
    const h = Math.sin(((y - centre[1]) * rad) / 2) ** 2 + Math.cos(y * rad) * Math.cos(centre[1] * rad) * Math.sin(((x - centre[0]) * rad) / 2) ** 2
    expect(2 * 6_371_008.8 * Math.asin(Math.sqrt(h))).toBeCloseTo(3000, 3)
  }
  const area = ring.slice(1).reduce((sum, [x = 0, y = 0], index) => sum + ((ring[index]?.[0] ?? 0) * y - x * (ring[index]?.[1] ?? 0)), 0)
  expect(area).toBeGreaterThan(0)
})
