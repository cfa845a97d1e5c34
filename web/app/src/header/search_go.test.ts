import { expect, test } from 'vitest'
import type { SearchQuery } from '../api/documents'
import { formerNames, goTo, hits, lookAt, otherDay, type Found } from './search_go'

const unit = (change: Partial<Found>): Found => ({ id: '1', level: 'COMMUNE', code: '32095', fullName: 'xã Trần Văn Thời', validFrom: '2025-07-01', validTo: null, bbox: null, ancestors: [], predecessors: [], ...change })
const district = unit({ id: '2', level: 'DISTRICT', code: '968', fullName: 'huyện Trần Văn Thời', validFrom: '2004-08-31', validTo: '2025-07-01' })
const answer = (here: Found[], other: Found[]): SearchQuery => ({ here: here.map((unit) => ({ unit })), other: other.map((unit) => ({ unit })) })

test('the other day lies across the last change', () => {
  expect(otherDay('2026-10-31', ['2025-01-01', '2025-07-01'])).toBe('2025-06-30')
  expect(otherDay('2025-06-30', ['2025-01-01', '2025-07-01'])).toBe('2025-07-01')
  expect(otherDay('2026-10-31', [])).toBeNull()
})

test('a unit that is gone leads to its last day, one still to come to its first, one of both days to neither', () => {
  const stays = unit({ id: '3', validFrom: '2000-01-01' })
  expect(hits(answer([unit({}), stays], [district, stays]), '2026-10-31').map(({ id, on }) => [id, on])).toEqual([
    ['1', null],
    ['3', null],
    ['2', '2025-06-30'],
  ])
  expect(hits(answer([district], [unit({})]), '2024-01-01').map(({ id, on }) => [id, on])).toEqual([
    ['2', null],
    ['1', '2025-07-01'],
  ])
  expect(hits(undefined, '2024-01-01')).toEqual([])
})

test('former names are those that differ, each once', () => {
  const predecessors = ['thị trấn Trần Văn Thời', 'xã Trần Hợi', 'xã Trần Hợi', 'xã Khánh Lộc', 'xã Lợi An', 'xã Trần Văn Thời'].map((fullName) => ({ effectiveOn: '2025-07-01', unit: { fullName } }))
  expect(formerNames(unit({ predecessors }))).toEqual({ names: ['thị trấn Trần Văn Thời', 'xã Trần Hợi', 'xã Khánh Lộc'], more: 1 })
})

test('a unit with parts is gone into, a hamlet is gone to inside its commune', () => {
  expect(goTo({ ...district, on: '2025-06-30' }, 800)).toMatchObject({ within: { level: 'DISTRICT', code: '968' }, unit: { level: 'DISTRICT', code: '968' }, at: null, asOf: '2025-06-30', boundariesAsOf: null })
  const hamlet = unit({ level: 'HAMLET', code: '3209501', bbox: [105, 9, 105.02, 9.01], ancestors: [{ level: 'COMMUNE', code: '32095', fullName: 'xã Trần Văn Thời' }] })
  const there = goTo({ ...hamlet, on: null }, 800)
  expect(there).toMatchObject({ within: { level: 'COMMUNE', code: '32095' }, unit: { level: 'HAMLET', code: '3209501' }, at: { longitude: expect.closeTo(105.01) as number, latitude: expect.closeTo(9.005) as number } })
  expect(there).not.toHaveProperty('asOf')
})

test('a box fits the map that it is looked at on', () => {
  const at = lookAt([105, 9, 105.02, 9.01], 800)
  const across = (360 * 800) / (512 * 2 ** (at?.zoom ?? 0)) // degrees on the screen
  expect(across).toBeGreaterThan(0.02)
  expect(across).toBeLessThan(0.04)
  expect(lookAt([], 800)).toBeNull()
})
