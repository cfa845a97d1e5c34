import { expect, test } from 'vitest'
import { keepUnit, kinOn, lasts, type Kin } from './kin'

const unit = (code: string, fullName: string, validFrom: string, validTo: string | null, kin: Pick<Kin, 'predecessors' | 'successors'> = {}): Kin => ({ level: 'COMMUNE', code, fullName, validFrom, validTo, ...kin })
// A code of before is used for another, wider place since.
const ward = unit('32041', 'phường Hoà Thành', '2025-07-01', null)
const middle = unit('32042', 'phường Giữa', '2024-12-01', '2025-07-01', { successors: [{ unit: ward }] })
const hoaTan = unit('32041', 'xã Hòa Tân', '2004-08-31', '2024-12-01', { successors: [{ unit: middle }, { unit: middle }] })

test('a unit is what it is from its first day to the eve of its end', () => {
  expect(['2004-08-30', '2004-08-31', '2024-11-30', '2024-12-01'].map((day) => lasts(hoaTan, day))).toEqual([false, true, true, false])
})

test('what lies at a place on another day is found over every change between, each unit once', () => {
  expect(kinOn(hoaTan, '2024-11-30')).toEqual([hoaTan])
  expect(kinOn(hoaTan, '2024-12-01')).toEqual([middle])
  expect(kinOn(hoaTan, '2026-10-31')).toEqual([ward])
  expect(kinOn(hoaTan, '2000-01-01')).toEqual([])
  expect(kinOn({ ...ward, predecessors: [{ unit: { ...middle, predecessors: [{ unit: hoaTan }] } }] }, '2024-09-30')).toEqual([hoaTan])
})

test('a unit chosen is let go on boundaries that it is none of, even where its code is used again', () => {
  expect(keepUnit(hoaTan, '2025-07-01')).toEqual({ unit: null })
  expect(keepUnit(hoaTan, '2024-11-30')).toEqual({})
  expect(keepUnit(null, '2025-07-01')).toEqual({})
})
