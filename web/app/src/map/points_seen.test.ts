import { expect, test } from 'vitest'
import { seenOf } from './points_seen'

const compare = (a: string, b: string) => a.localeCompare(b, 'vi')

test('a point drawn twice is read once, and points come by name', () => {
  const team = (code: string, name: string) => ({ layer: 'teams', properties: { province: '96', code, name } })
  expect(seenOf([team('2', 'Tổ B'), team('1', 'Tổ A'), team('2', 'Tổ B')], compare).points.map((one) => one.properties['code'])).toEqual(['1', '2'])
  expect(seenOf([team('1', 'Tổ A'), { layer: 'teams', properties: { province: '95', code: '1', name: 'Tổ A' } }], compare).points).toHaveLength(2)
})

test('addresses that stand together in one dot are counted by status, and are no row', () => {
  const address = { layer: 'addresses', properties: { province: '96', scheme: 'vpostcode', code: 'A', status: 'GUIDED' } }
  const bin = { layer: 'address-bins', properties: { addresses: 7, guided: 4, attempted: 0, notVisited: 2, unknown: 1, ineligible: 0 } }
  const seen = seenOf([bin, address, { ...bin }], compare)
  expect(seen.points).toEqual([address])
  expect(seen.counts).toEqual({ GUIDED: 9, ATTEMPTED: 0, NOT_VISITED: 4, UNKNOWN: 2, INELIGIBLE: 0 })
})
